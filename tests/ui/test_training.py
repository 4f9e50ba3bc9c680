"""The tab of training runs: what it shows, what it does, and that a public page has nothing of it."""

import json
import re
from pathlib import Path

import gradio as gr
import pytest

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files import Offers, write_kohya
from animegen.training.runs import Runs
from animegen.ui import build, training
from animegen.ui.training import TrainingTab, looking, using
from tests.lora_files.making import adapter
from tests.ui.fake_studio import FakeStudio
from tests.ui.runs import RECIPE, make_run
from tests.ui.runs import training as trainer


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    make_run(tmp_path / "runs", "winter", epoch=10, epochs=10)
    return Runs(tmp_path / "runs", tmp_path / "recipes")


@pytest.fixture
def studio(tmp_path: Path) -> FakeStudio:
    (tmp_path / "loras").mkdir()
    return FakeStudio(Offers([tmp_path / "loras"]))


@pytest.fixture
def tab() -> TrainingTab:
    with gr.Blocks():
        return training.tab()


def run_now(runs: Runs, **changed: object) -> None:
    path = runs.folder / "winter" / "status.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changed))


def events(page: gr.Blocks) -> list[str]:
    """Return the functions of the tab on a page."""
    found = [each.fn for each in page.fns.values() if each.fn]
    return sorted(each.__name__ for each in found if each.__module__ == training.__name__)


# What it shows


def test_a_run_is_listed_with_its_state_and_its_epochs(runs: Runs, tab: TrainingTab, visitor: gr.Request) -> None:
    shown = looking(runs, tab)(None, None, "", visitor)
    assert shown[tab.runs]["choices"] == [("winter\nFinished · epoch 10 of 10", "winter")]
    assert shown[tab.headline] == "Finished · epoch 10 of 10 · step 200 of 200"


@pytest.mark.parametrize(
    ("left", "words"),
    [(1, "残り 1 分未満"), (90, "残り 2 分"), (3_570, "残り 1 時間 0 分"), (8_000, "残り 2 時間 13 分")],
)
def test_the_time_left_is_told_in_words(
    runs: Runs, tab: TrainingTab, japanese: gr.Request, left: int, words: str
) -> None:
    with trainer(runs.folder / "winter") as pid:
        run_now(runs, state="running", step=1, steps=1 + left, seconds_a_step=1.0, pid=pid)
        assert looking(runs, tab)("winter", None, "", japanese)[tab.headline].endswith(words)


def test_the_page_looks_again_only_while_a_run_is_running(runs: Runs, tab: TrainingTab, visitor: gr.Request) -> None:
    look = looking(runs, tab)
    assert look(None, None, "", visitor)[tab.timer]["active"] is False
    with trainer(runs.folder / "winter") as pid:
        run_now(runs, state="running", pid=pid)
        assert look(None, None, "", visitor)[tab.timer]["active"] is True
    assert look(None, None, "", visitor)[tab.timer]["active"] is False


@pytest.mark.parametrize(
    ("state", "stop", "resume"), [("running", True, False), ("stopped", False, True), ("finished", False, False)]
)
def test_a_run_is_stopped_while_it_runs_and_resumed_when_it_has_stopped(
    runs: Runs, tab: TrainingTab, visitor: gr.Request, state: str, stop: bool, resume: bool
) -> None:
    with trainer(runs.folder / "winter") as pid:
        run_now(runs, state=state, pid=pid)
        shown = looking(runs, tab)("winter", None, "", visitor)
    assert (shown[tab.stop]["visible"], shown[tab.resume]["visible"]) == (stop, resume)


def test_a_row_of_samples_has_its_pictures_and_what_puts_its_epoch_on(
    runs: Runs, tab: TrainingTab, visitor: gr.Request
) -> None:
    rows = looking(runs, tab)("winter", None, "", visitor)[tab.samples]
    assert [(row["epoch"], row["label"], row["use"], len(row["pictures"])) for row in rows] == [
        (10, "Epoch 10", "Use this epoch", 3), (5, "Epoch 5", "Use this epoch", 3), (0, "Before training", "", 3),
    ]  # fmt: skip
    assert rows[0]["pictures"][0]["prompt"] == "1girl, blue hair, winterlook"
    assert rows[0]["pictures"][0]["picture"].startswith("data:image/webp;base64,")


def test_a_sample_that_is_half_written_is_left_out(runs: Runs, tab: TrainingTab, visitor: gr.Request) -> None:
    path = runs.folder / "winter" / "samples" / "e010-1.png"
    path.write_bytes(path.read_bytes()[:200])
    rows = looking(runs, tab)("winter", None, "", visitor)[tab.samples]
    assert [len(row["pictures"]) for row in rows] == [2, 3, 3]


def test_samples_are_sent_once(runs: Runs, tab: TrainingTab, visitor: gr.Request) -> None:
    look = looking(runs, tab)
    shown = look("winter", None, "", visitor)[tab.shown]
    assert tab.samples not in look("winter", None, shown, visitor)
    (runs.folder / "winter" / "samples" / "e010-1.png").unlink()
    assert tab.samples in look("winter", None, shown, visitor)


def test_losses_are_named_in_the_visitors_language(runs: Runs, tab: TrainingTab, japanese: gr.Request) -> None:
    curve = looking(runs, tab)("winter", None, "", japanese)[tab.curve]
    assert {row[2] for row in curve["value"]["data"]} == set(curve["color_map"]) == {"学習", "検証"}


def test_findings_plan_and_change_are_sentences(runs: Runs, tab: TrainingTab, visitor: gr.Request) -> None:
    lines = looking(runs, tab)("winter", None, "", visitor)[tab.plan].splitlines()
    assert lines == [
        "Warning: winter/07.txt is empty. Write a caption or remove the picture.",
        "winter: 60 pictures × 1, 6 kept for validation",
        "First caption: winterlook, 1girl, blue hair",
        "Sizes (pictures): 256x256 (54)",
        "400 steps in 20 epochs, 4 pictures a step, 20 steps of warm-up",
        "Peak learning rate: 0.001",
        "File: 98,304 parameters, 0.2 MB",
        "Change of the weights: attention 1.00%",
    ]


def test_a_finding_is_told_in_the_visitors_language(runs: Runs, tab: TrainingTab, japanese: gr.Request) -> None:
    lines = looking(runs, tab)("winter", None, "", japanese)[tab.plan].splitlines()
    assert lines[0].startswith("警告：winter/07.txt が空です。")


@pytest.mark.parametrize(
    "written", [{}, {"plan": None, "findings": None}, {"plan": {"steps": 1}, "findings": [7, {}, {"message": "x"}]}]
)
def test_what_another_version_planned_is_passed_over(
    runs: Runs, tab: TrainingTab, visitor: gr.Request, written: object
) -> None:
    (runs.folder / "winter" / "plan.json").write_text(json.dumps(written))
    assert looking(runs, tab)("winter", None, "", visitor)[tab.plan] == "Change of the weights: attention 1.00%"


def test_who_has_no_run_reads_the_command_that_begins_one(tmp_path: Path, tab: TrainingTab, visitor) -> None:
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mika.yaml").write_text(RECIPE.format(name="mika"))
    shown = looking(Runs(tmp_path / "runs", tmp_path / "recipes"), tab)(None, None, "", visitor)
    assert shown[tab.command]["value"] == f"animegen train {tmp_path}/recipes/mika.yaml --out {tmp_path}/runs/mika"
    assert (shown[tab.recipe]["value"], shown[tab.run]["visible"], shown[tab.timer]["active"]) == ("mika", False, False)


def test_who_has_no_recipe_is_told_where_to_put_one(tmp_path: Path, tab: TrainingTab, visitor: gr.Request) -> None:
    shown = looking(Runs(tmp_path / "runs", tmp_path / "recipes"), tab)(None, None, "", visitor)
    assert f"write a recipe into the folder {tmp_path}/recipes and" in shown[tab.hint]["value"]
    assert shown[tab.start]["visible"] is False


# An epoch's LoRA


def chosen_epoch(epoch: object) -> gr.SelectData:
    return gr.SelectData(None, {"index": epoch, "value": None})


def test_an_epoch_is_put_on_with_weight_1(runs: Runs, studio: FakeStudio) -> None:
    assert using(studio, runs)("winter", [], chosen_epoch(5)) == ["winter-e005:1"]
    assert list(studio.offers.selectable("chibi")) == ["winter-e005"]


def test_an_epoch_takes_the_place_of_another_of_its_run(runs: Runs, studio: FakeStudio) -> None:
    chosen = ["winter-e005:0.5", "winterly-e005:0.8", "ink:0.4", "winter-e005-0123abcd:1"]
    assert using(studio, runs)("winter", chosen, chosen_epoch(10)) == ["winterly-e005:0.8", "ink:0.4", "winter-e010:1"]


def test_an_epoch_beside_four_other_loras_is_one_too_many(runs: Runs, studio: FakeStudio) -> None:
    with pytest.raises(InvalidRequest, match="LoRAs"):
        using(studio, runs)("winter", ["a:1", "b:1", "c:1", "d:1"], chosen_epoch(10))


@pytest.mark.parametrize("epoch", [7, -1, True, 5.0, "5", "../5", None, [5], {"a": 1}])
def test_an_epoch_that_was_not_kept_is_refused(runs: Runs, studio: FakeStudio, epoch: object) -> None:
    with pytest.raises(InvalidRequest, match="has kept no LoRA of epoch"):
        using(studio, runs)("winter", [], chosen_epoch(epoch))
    assert list(studio.offers.own_folder.iterdir()) == []


def test_an_epoch_of_another_model_is_refused(runs: Runs, studio: FakeStudio) -> None:
    write_kohya(adapter("sd1"), runs.folder / "winter" / "epochs" / "winter-e010.safetensors")
    with pytest.raises(InvalidRequest, match="'winter-e010' is trained for sd1, not for the model"):
        using(studio, runs)("winter", [], chosen_epoch(10))
    assert list(studio.offers.own_folder.iterdir()) == []


def test_an_epoch_that_is_damaged_is_refused(runs: Runs, studio: FakeStudio) -> None:
    (runs.folder / "winter" / "epochs" / "winter-e010.safetensors").write_bytes(b"{")
    with pytest.raises(AdapterRefused, match="no safetensors file"):
        using(studio, runs)("winter", [], chosen_epoch(10))


def test_an_epoch_of_a_run_with_a_name_that_no_prompt_takes_goes_by_its_files_name(
    runs: Runs, studio: FakeStudio
) -> None:
    (runs.folder / "winter").rename(runs.folder / "冬")
    assert using(studio, runs)("冬", ["winter-e005:1"], chosen_epoch(10)) == ["winter-e010:1"]


# Where it is not


def info(page: gr.Blocks, **which: bool) -> str:
    return re.sub(r"parameter_\d+", "", json.dumps(page.get_api_info(**which), default=str))


def laid_out(page: gr.Blocks) -> list[object]:
    config = page.get_config_file()
    parts = [[each["type"], each["props"].get("elem_id")] for each in config["components"]]
    return [*parts, *([each["api_name"], each["backend_fn"]] for each in config["dependencies"])]


def test_a_public_page_has_neither_the_tab_nor_any_of_its_endpoints(runs: Runs, studio: FakeStudio) -> None:
    studio.public = True
    with_runs, without = build(studio, runs=runs), build(studio)
    assert laid_out(with_runs) == laid_out(without)
    assert info(with_runs, all_endpoints=True) == info(without, all_endpoints=True)
    assert events(with_runs) == []


def test_a_page_without_runs_has_no_tab_either(studio: FakeStudio) -> None:
    assert events(build(studio)) == []


def test_the_same_page_of_ones_own_has_them(runs: Runs, studio: FakeStudio) -> None:
    assert events(build(studio, runs=runs)) == ["look"] * 7 + ["resume", "start", "stop", "use_epoch"]


def test_scripts_see_nothing_of_the_tab(runs: Runs, studio: FakeStudio) -> None:
    assert info(build(studio, runs=runs)) == info(build(studio))
