"""A run as its folder tells it: whole, half-written, damaged, dead, or not what it seems."""

import json
from pathlib import Path

import pytest

from animegen.training.launching import trains
from animegen.training.run import POINTS, read
from tests.ui.runs import make_run, process, training


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return make_run(tmp_path, "winter", epoch=10)


def set_status(run: Path, **changed: object) -> None:
    path = run / "status.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changed), encoding="utf-8")


@pytest.mark.parametrize("state", ["stopped", "finished", "failed"])
def test_a_run_that_has_ended_is_in_the_state_that_its_trainer_wrote(run: Path, state: str) -> None:
    set_status(run, state=state)
    assert read(run).state == state


def test_a_run_is_running_while_its_trainer_is(run: Path) -> None:
    with training(run) as pid:
        set_status(run, state="running", pid=pid)
        assert read(run).state == "running"


def test_a_run_whose_trainer_is_gone_is_interrupted(run: Path) -> None:
    with training(run) as pid:
        set_status(run, state="running", pid=pid)
    assert read(run).state == "interrupted"


def test_a_trainer_of_another_folder_under_the_same_number_is_not_its_trainer(run: Path, tmp_path: Path) -> None:
    with training(tmp_path / "other") as pid:
        set_status(run, state="running", pid=pid)
        assert read(run).state == "interrupted"


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        (["animegen", "train", "x.yaml", "--out=runs/winter"], True),
        (["animegen", "train", "x.yaml", "--out", "./runs/winter", "--resume", "auto"], True),
        (["animegen", "train", "x.yaml"], True),
        (["animegen", "bench", "--out", "runs/winter"], False),
        (["other", "train", "--out", "runs/winter"], False),
    ],
)
def test_a_trainer_is_known_by_its_command(tmp_path: Path, words: list[str], runs: bool) -> None:
    with process(words, tmp_path) as pid:
        assert trains(pid, tmp_path / "runs" / "winter") == runs


def test_a_run_that_was_asked_to_stop_is_stopping_until_it_has(run: Path) -> None:
    (run / "stop").touch()
    with training(run) as pid:
        set_status(run, state="running", pid=pid)
        assert read(run).state == "stopping"
    set_status(run, state="stopped")
    assert read(run).state == "stopped"


@pytest.mark.parametrize("text", ["", "{", '{"state": "runn', "[]", "7", '{"step": -1}', '{"pid": 1e300}', "\xff", "["])
def test_a_status_that_cannot_be_read_is_an_unknown_state(run: Path, text: str) -> None:
    (run / "status.json").write_bytes(text.encode("latin-1"))
    assert (read(run).state, read(run).status.step) == ("unknown", 0)


def test_a_state_of_another_version_is_an_unknown_state_with_its_steps(run: Path) -> None:
    set_status(run, state="paused", new_field=1)
    assert (read(run).state, read(run).status.step) == ("unknown", 200)


def test_the_time_left_is_that_of_the_steps_left(run: Path) -> None:
    set_status(run, step=100, steps=400, seconds_a_step=0.5)
    assert read(run).seconds_left == 150


def test_only_what_has_ended_early_and_has_its_recipe_can_be_resumed(run: Path) -> None:
    found = {}
    for state in ("stopped", "failed", "running", "finished", "paused"):
        set_status(run, state=state)
        found[state] = read(run).resumable
    assert found == {"stopped": True, "failed": True, "running": True, "finished": False, "paused": False}
    (run / "recipe.yaml").unlink()
    set_status(run, state="stopped")
    assert not read(run).resumable


def test_what_the_trainer_says_comes_before_its_log(run: Path) -> None:
    (run / "train.log").write_text("a line\n", encoding="utf-8")
    set_status(run, message="A full disk.")
    assert read(run).message == "A full disk."


def test_a_trainer_that_stopped_as_it_was_asked_to_is_not_quoted(run: Path) -> None:
    (run / "train.log").write_text("Stopped before the end.\n", encoding="utf-8")
    set_status(run, state="stopped")
    assert read(run).message == ""


def test_a_trainer_that_failed_without_a_word_is_quoted_from_the_last_line_of_its_log(run: Path) -> None:
    set_status(run, state="failed")
    (run / "train.log").write_bytes(b"x\n" * 9_000 + b"step 1\r\x1b[31mNo space left on device\x1b[0m\r\n\n")
    assert read(run).message == "No space left on device"


def test_validation_losses_are_kept_and_training_losses_are_averaged(run: Path) -> None:
    metrics = read(run).metrics()
    assert [step for step, _ in metrics.validation] == list(range(20, 201, 20))
    assert len(metrics.training) == POINTS
    assert metrics.training[-1][0] == 200
    assert metrics.change == (("attention", 0.01),)


def test_a_point_is_the_mean_of_its_steps(run: Path) -> None:
    lines = [{"step": step, "loss": float(step % 2)} for step in range(2 * POINTS)]
    (run / "metrics.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert {loss for _, loss in read(run).metrics().training} == {0.5}


@pytest.mark.parametrize(
    "line", ['{"step": 3, "lo', '{"step": 3, "loss": NaN}', '{"step": 3, "loss": true}', '{"loss": 1}', "[1]", "\xff"]
)
def test_a_line_that_is_half_written_or_no_number_is_passed_over(run: Path, line: str) -> None:
    (run / "metrics.jsonl").write_bytes(b'{"step": 1, "loss": 0.5}\n' + line.encode("latin-1"))
    assert read(run).metrics().training == ((1, 0.5),)


def test_of_a_step_that_was_done_again_after_a_resume_the_later_counts(run: Path) -> None:
    (run / "metrics.jsonl").write_text('{"step": 1, "loss": 0.5}\n{"step": 1, "loss": 0.25}\n')
    assert read(run).metrics().training == ((1, 0.25),)


def test_samples_are_ordered_by_epoch_and_number(run: Path) -> None:
    assert [(epoch, [path.name for path in paths]) for epoch, paths in read(run).samples().items()] == [
        (epoch, [f"e{epoch:03d}-{number}.png" for number in range(3)]) for epoch in (0, 5, 10)
    ]


def test_epochs_that_were_kept_have_their_files(run: Path) -> None:
    assert {epoch: path.name for epoch, path in read(run).epochs().items()} == {
        5: "winter-e005.safetensors",
        10: "winter-e010.safetensors",
    }


def test_a_link_that_leads_out_of_the_run_is_neither_a_sample_nor_an_epoch(run: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a canary")
    (run / "samples" / "e011-0.png").symlink_to(tmp_path / "secret")
    (run / "epochs" / "winter-e011.safetensors").symlink_to(tmp_path / "secret")
    assert 11 not in read(run).samples()
    assert 11 not in read(run).epochs()


def test_the_prompts_of_the_samples_come_from_the_recipe(run: Path) -> None:
    assert read(run).prompts()[0] == "1girl, blue hair, winterlook"


@pytest.mark.parametrize("recipe", ["", "[", "samples: 7", "samples: {prompts: 7}", "!!python/object:x {}", "\x00"])
def test_a_recipe_that_cannot_be_read_has_no_prompts(run: Path, recipe: str) -> None:
    (run / "recipe.yaml").write_text(recipe)
    assert read(run).prompts() == ()


@pytest.mark.parametrize("plan", ["", "{", "[1]"])
def test_a_plan_that_cannot_be_read_is_empty(run: Path, plan: str) -> None:
    (run / "plan.json").write_text(plan)
    assert read(run).plan() == {}


def test_a_folder_with_nothing_but_a_status_is_a_run(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text('{"state": "stopped"}')
    run = read(tmp_path)
    assert (run.metrics().training, run.samples(), run.epochs(), run.plan(), run.message) == ((), {}, {}, {}, "")
