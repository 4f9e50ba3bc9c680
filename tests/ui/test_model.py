"""What the page tells of its model, and which of its tabs follow from the model."""

from dataclasses import replace

import gradio as gr
import pytest

from animegen.messages import render
from animegen.models import about, memory
from animegen.models.device import Hardware, place
from animegen.models.selection import choose
from animegen.models.table import rows
from animegen.ui import build, launch_options, model
from animegen.ui.character import looks
from tests.ui.fake_studio import FakeStudio

COOL_JAPAN = rows()["cool-japan"]


@pytest.fixture
def strict(studio: FakeStudio) -> FakeStudio:
    """A studio whose model must not be used for everything."""
    studio.row = COOL_JAPAN
    return studio


def layout(studio: FakeStudio) -> list[dict]:
    return build(studio).get_config_file()["components"]


def rules(studio: FakeStudio) -> list[str]:
    """Return the keys of the rules that stand on the page."""
    return [name for name in model.labels(studio.row) if any(name in str(each["props"]) for each in layout(studio))]


def test_what_a_licence_rules_out_stands_beside_the_tabs_that_it_concerns(strict: FakeStudio) -> None:
    assert rules(strict) == ["forbidden_in_image_to_image", "forbidden_in_canny", "forbidden_in_animation"]


def test_the_rules_are_told_in_both_languages(strict: FakeStudio) -> None:
    assert model.labels(COOL_JAPAN)["forbidden_in_canny"] == {
        "en": "Not allowed with Cool Japan Diffusion 2.0 (for learning): redrawing other people's work without leave.",
        "ja": "Cool Japan Diffusion 2.0 (for learning) で禁止されていること：他人の作品を無断で描き直すこと。",
    }
    assert "forbidden_in_canny" in str(launch_options(strict)["i18n"].translations_dict)


def test_a_model_without_rules_shows_none(studio: FakeStudio) -> None:
    assert model.labels(studio.row) == {}


def test_the_line_at_the_foot_tells_licence_memory_and_what_no_tab_may_be_used_for(
    strict: FakeStudio, visitor: gr.Request
) -> None:
    told = model.describe(strict)(visitor)
    assert "Licence: CreativeML Open RAIL++-M-NC." in told
    assert "GB of memory" in told
    assert "commercial use; publishing existing characters" in told
    assert "redrawing" not in told


def test_while_the_model_is_downloaded_the_line_tells_how_far_it_is(
    studio: FakeStudio, visitor: gr.Request, japanese: gr.Request
) -> None:
    assert "Downloaded" not in model.describe(studio)(visitor)
    studio.arrived = 500_000_000, 2_100_000_000
    assert "Downloaded 0.5/2.1 GB." in model.describe(studio)(visitor)
    assert "ダウンロード中：0.5/2.1 GB" in model.describe(studio)(japanese)


def test_the_line_is_told_in_japanese_too(strict: FakeStudio, japanese: gr.Request) -> None:
    told = model.describe(strict)(japanese)
    assert "メモリ" in told
    assert "商用利用、既存のキャラクターの絵を公開すること" in told


FOUND = [Hardware(), Hardware(cpu_bfloat16=True), Hardware(mps=True), Hardware(cuda=(7, 5)), Hardware(cuda=(9, 0))]


@pytest.mark.parametrize("found", FOUND, ids=str)
@pytest.mark.parametrize("low", [False, True], ids=["usual", "low"])
@pytest.mark.parametrize("free", [None, 0, 2**50], ids=["unknown", "full", "empty"])
def test_every_sentence_about_a_model_has_its_japanese(
    found: Hardware, low: bool, free: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free", lambda device: free)
    placement = replace(place(found), low_memory=low)
    unknown = replace(COOL_JAPAN, licence="unknown", parameters={})
    for choice in (choose("auto"), choose("sd15"), replace(choose("sd15"), row=unknown)):
        for public in (False, True):
            told = about.describe(choice, placement, public=public, arrived=(10**9, 2 * 10**9))
            assert [each for each in told if render(each, "ja") == render(each, "en")] == []


def test_on_a_public_page_the_line_counts_the_safety_checker(
    studio: FakeStudio, visitor: gr.Request, japanese: gr.Request
) -> None:
    studio.row = rows()["sd15"]
    assert "safety checker" not in model.describe(studio)(visitor)
    studio.public = True
    assert "with the safety checker" in model.describe(studio)(visitor)
    assert "安全チェックを含む重み" in model.describe(studio)(japanese)


@pytest.mark.parametrize(("name", "offered"), [("chibi", False), ("sd15", True), ("cool-japan", False)])
def test_lcm_is_offered_where_the_model_has_weights_for_it(studio: FakeStudio, name: str, offered: bool) -> None:
    studio.row = rows()[name]
    lists = [each["props"]["choices"] for each in layout(studio) if "Euler" in str(each["props"].get("choices"))]
    assert len(lists) == 1
    assert {["LCM", "LCM"] in [list(choice) for choice in choices] for choices in lists} == {offered}


def test_a_model_with_a_controlnet_offers_to_draw_along_lines(studio: FakeStudio) -> None:
    assert offers(studio) == {"canny": True, "trace": True}


def test_a_model_without_one_offers_nothing_that_needs_it(studio: FakeStudio) -> None:
    studio.row = replace(studio.row, controlnet="")
    assert offers(studio) == {"canny": False, "trace": False}


def offers(studio: FakeStudio) -> dict[str, bool]:
    """Return whether the tab and the button are visible that draw along lines."""
    found = {each["props"].get("id") or each["props"].get("elem_id"): each["props"] for each in layout(studio)}
    return {name: found[name]["visible"] for name in ("canny", "trace")}


@pytest.mark.parametrize(("largest", "chosen"), [(256, False), (512, True)])
def test_a_size_is_chosen_where_the_model_draws_several(studio: FakeStudio, largest: int, chosen: bool) -> None:
    studio.row = replace(rows()["chibi"], min_size=256, max_size=largest)
    with gr.Blocks():
        width = looks(studio)["width"]
    assert (width.visible, width.value) == (chosen, 0)
