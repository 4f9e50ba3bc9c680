from pathlib import Path

import gradio as gr
import pytest

from animegen.ui import history


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, None]]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    paths = [tmp_path / f"{number}.png" for number in range(history.KEPT + 1)]
    for path in paths:
        path.touch()
    return [(str(path), None) for path in paths]


def click(index: object) -> gr.SelectData:
    return gr.SelectData(None, {"index": index, "value": None})


def test_the_newest_pictures_stand_in_front(drawn: list[tuple[str, None]]) -> None:
    assert history.remember(drawn[:1], drawn[1:3]) == drawn[:3]


def test_the_gallery_does_not_grow_without_end(drawn: list[tuple[str, None]]) -> None:
    assert history.remember(drawn[:1], drawn[1:]) == drawn[:-1]


def test_a_picture_that_has_expired_leaves_the_gallery(drawn: list[tuple[str, None]]) -> None:
    Path(drawn[1][0]).unlink()
    assert history.remember(drawn[:1], drawn[1:3]) == [drawn[0], drawn[2]]


def test_a_clicked_picture_is_shown_from_its_own_file(drawn: list[tuple[str, None]], visitor: gr.Request) -> None:
    assert history.show_again(drawn[:2], click(1), visitor) == drawn[1][0]


@pytest.mark.parametrize("index", [3, -1, "1", None, [1]])
def test_a_picture_that_is_not_there_is_asked_for(
    index: object, drawn: list[tuple[str, None]], visitor: gr.Request
) -> None:
    Path(drawn[3][0]).unlink()
    with pytest.raises(gr.Error, match="Choose a picture first"):
        history.show_again(drawn[:4], click(index), visitor)
