"""A run of an evaluation: every item once, whatever stops it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from animegen.errors import EvaluationFailed
from animegen.evaluation.run import LINES, Line, picture_path, run

ITEMS = {f"{number}-grey": number for number in range(6)}
ORIGIN = {"weights": "abc"}


class Sampler:
    """Draws grey of an item's number, until it has drawn ``most`` pictures."""

    def __init__(self, most: int = 100) -> None:
        self.drawn: list[int] = []
        self.most = most

    def __call__(self, item: int) -> Image.Image:
        if len(self.drawn) == self.most:
            raise KeyboardInterrupt
        self.drawn.append(item)
        return Image.new("L", (8, 8), item)


def observe(image: Image.Image) -> dict[str, Any]:
    return {"grey": image.getpixel((0, 0))}


def lines(folder: Path, sample: Sampler, origin: Mapping[str, str] = ORIGIN, kept: int = 0) -> Iterator[Line]:
    return run(ITEMS, sample=sample, observe=observe, folder=folder, origin=origin, kept=kept)


def seen(folder: Path, sample: Sampler) -> list[tuple[str, Any]]:
    return [(line.key, line.observed) for line in lines(folder, sample)]


UNBROKEN = [(key, {"grey": number}) for key, number in ITEMS.items()]


def test_every_item_is_drawn_and_read_in_order(tmp_path: Path) -> None:
    assert seen(tmp_path, Sampler()) == UNBROKEN


def test_what_was_read_before_a_stop_is_not_drawn_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        seen(tmp_path, Sampler(most=4))
    again = Sampler()
    assert seen(tmp_path, again) == UNBROKEN
    assert again.drawn == [4, 5]


def test_the_seconds_of_both_parts_are_kept(tmp_path: Path) -> None:
    first = [line.seconds for line in lines(tmp_path, Sampler())]
    assert min(first) > 0
    assert [line.seconds for line in lines(tmp_path, Sampler())] == first


@given(cut=st.integers(0, 10_000))
def test_a_file_cut_anywhere_resumes_to_the_unbroken_run(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    folder = tmp_path_factory.mktemp("run")
    seen(folder, Sampler())
    whole = (folder / LINES).read_bytes()
    (folder / LINES).write_bytes(whole[: cut % (len(whole) + 1)])
    assert seen(folder, Sampler()) == UNBROKEN
    assert seen(folder, Sampler(most=0)) == UNBROKEN


@pytest.mark.parametrize("text", [b"{", b"[]", b'{"seed": 3}', b"\xff\x00"], ids=repr)
def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path, text: bytes) -> None:
    seen(tmp_path, Sampler())
    path = tmp_path / LINES
    whole = path.read_bytes().splitlines()
    path.write_bytes(b"\n".join([whole[0], text, *whole[2:], b""]))
    with pytest.raises(EvaluationFailed, match=r"line 2, is damaged"):
        seen(tmp_path, Sampler())


def test_lines_of_another_run_are_refused(tmp_path: Path) -> None:
    seen(tmp_path, Sampler())
    with pytest.raises(EvaluationFailed, match="another run"):
        list(lines(tmp_path, Sampler(), origin={"weights": "xyz"}))


def test_the_first_pictures_are_kept(tmp_path: Path) -> None:
    list(lines(tmp_path, Sampler(), kept=2))
    assert [picture_path(tmp_path, key).exists() for key in ITEMS] == [True, True, *[False] * 4]


def test_a_kept_picture_that_is_gone_is_drawn_again(tmp_path: Path) -> None:
    list(lines(tmp_path, Sampler(), kept=2))
    picture_path(tmp_path, "1-grey").unlink()
    again = Sampler()
    list(lines(tmp_path, again, kept=2))
    assert again.drawn == [1]
