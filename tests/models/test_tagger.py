"""The network that tags pictures: got from a Hub of our own, and asked."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from animegen.errors import ModelUnavailable
from animegen.models import lockfile, tagger
from animegen.models.cache import Source
from animegen.models.tagger import NETWORK, REPOSITORY, TAGS
from tests.hub.server import Hub

pytest.importorskip("onnx", reason="the extra `tagging` and its tests are not installed")
from tests import colours, redness


@pytest.fixture
def filled(hub: Hub) -> Hub:
    hub.publish(REPOSITORY, colours.repository())
    return hub


def names(image: Image.Image, source: Source, **thresholds: float) -> list[str]:
    return [tag.name for tag in tagger.load(source=source).read(image, **thresholds)]


def picture(red: int, green: int, blue: int) -> Image.Image:
    return Image.new("RGB", (48, 48), (red, green, blue))


def test_tags_are_those_above_the_threshold_the_surest_first(filled: Hub, source: Source) -> None:
    assert names(picture(0, 130, 220), source, threshold=0.35) == ["blue background", "green background"]
    assert names(picture(0, 130, 220), source, threshold=0.7) == ["blue background"]


def test_characters_have_a_threshold_of_their_own(filled: Hub, source: Source) -> None:
    general = ["red background", ">_<"]
    assert names(picture(200, 0, 0), source) == general
    assert names(picture(200, 0, 0), source, character_threshold=0.7) == [*general, "hatsune miku (append)"]


def test_a_rating_is_no_tag(filled: Hub, source: Source) -> None:
    assert names(picture(0, 0, 0), source, threshold=0.1) == []


def test_a_tag_says_how_sure_it_is(filled: Hub, source: Source) -> None:
    (tag,) = tagger.load(source=source).read(picture(0, 0, 204))
    assert tag.confidence == pytest.approx(0.8, abs=0.01)


def test_a_picture_is_seen_in_the_middle_of_a_white_square() -> None:
    seen = tagger.prepare(Image.new("RGB", (16, 32), "black"), 32)
    assert (seen.shape, seen.dtype) == ((1, 32, 32, 3), np.float32)
    assert seen[0, 16, [0, 16, 31]].tolist() == [[255] * 3, [0] * 3, [255] * 3]


def test_what_is_transparent_is_seen_white() -> None:
    assert tagger.prepare(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), 8).min() == 255


def test_colours_are_seen_blue_first() -> None:
    assert tagger.prepare(picture(1, 2, 3), 8)[0, 0, 0].tolist() == [3, 2, 1]


def test_its_download_is_announced_with_its_licence(
    filled: Hub, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "animegen")
    tagger.load(source=source)
    assert f"{REPOSITORY} (Apache-2.0): downloaded 0.0/0.0 GB" in caplog.messages


def test_of_another_tagger_it_says_where_the_licence_is(
    hub: Hub, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    hub.publish("mika/tagger", colours.repository())
    caplog.set_level("INFO", "animegen")
    tagger.load("mika/tagger", source)
    assert "mika/tagger (its licence is on its card): downloaded 0.0/0.0 GB" in caplog.messages


def test_nothing_else_comes_with_it_and_it_is_locked(filled: Hub, source: Source) -> None:
    tagger.load(source=source)
    assert sorted(lockfile.read(source.lock)[REPOSITORY].files) == [NETWORK, TAGS]


def test_once_it_is_here_nobody_is_asked(filled: Hub, source: Source) -> None:
    tagger.load(source=source)
    filled.log.clear()
    tagger.load(source=source)
    assert filled.log == []


def test_a_hub_that_lacks_it_is_one_sentence(hub: Hub, source: Source) -> None:
    with pytest.raises(ModelUnavailable, match="no repository nobody/tagger"):
        tagger.load("nobody/tagger", source)


@pytest.mark.parametrize(
    ("file", "content"),
    [(NETWORK, colours.network()[:40]), (NETWORK, b"\x80\x02}q\x00."), (TAGS, b"\xff\xfe"), (TAGS, b"a,b\n1,2\n")],
)
def test_a_damaged_file_is_named_and_can_be_downloaded_again(
    hub: Hub, source: Source, file: str, content: bytes
) -> None:
    hub.publish(REPOSITORY, colours.repository() | {file: content})
    with pytest.raises(ModelUnavailable, match="is damaged; delete it") as problem:
        tagger.load(source=source)
    Path(dict(problem.value.message.values)["file"]).unlink()
    hub.log.clear()
    with pytest.raises(ModelUnavailable):
        tagger.load(source=source)
    assert hub.asked("GET", file)


@pytest.mark.parametrize("network", [colours.network(answers=7), redness.network(side=64)], ids=["tags", "shape"])
def test_a_network_that_is_no_tagger_or_has_another_table_is_one_sentence(
    hub: Hub, source: Source, network: bytes
) -> None:
    hub.publish(REPOSITORY, colours.repository() | {NETWORK: network})
    with pytest.raises(ModelUnavailable, match="is not a WD tagger"):
        tagger.load(source=source)


def test_without_the_extra_it_says_how_to_install_it(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ModelUnavailable, match=r"pip install '\.\[tagging\]'"):
        tagger.load(source=source)
