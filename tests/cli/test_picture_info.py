"""The verb that reads a picture: its text, what is left out in sentences, nothing that a terminal obeys."""

from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo


def picture(folder: Path, text: str) -> str:
    chunk = PngInfo()
    chunk.add_text("parameters", text)
    Image.new("RGB", (8, 8)).save(folder / "girl.png", pnginfo=chunk)
    return str(folder / "girl.png")


@pytest.mark.parametrize("kind", ["png", "jpg", "webp"])
def test_what_was_saved_is_told_again(say, tmp_path: Path, kind: str) -> None:
    drawn = say("text-to-image", "1girl, 青い髪", "--seed", "42", "--format", kind, "--out", str(tmp_path))
    (file,) = tmp_path.glob(f"*-42.{kind}")
    assert drawn.out == f"seed 42  {file}\n"
    said = say("picture-info", str(file))
    assert said.code == 0
    assert said.err == "These settings are for the model 'flat'; this one draws differently.\n"
    assert said.out.startswith("1girl, 青い髪\nSteps: 2, ")


def test_the_settings_of_a_film_are_told(say, tmp_path: Path) -> None:
    say("emotion-path", "1girl", "--frames", "3", "--film", "mp4", "--out", str(tmp_path))
    (film,) = tmp_path.glob("*.mp4")
    assert "Task: emotion_path" in say("picture-info", str(film)).out


def test_what_means_nothing_here_is_named(say, tmp_path: Path) -> None:
    said = say("picture-info", picture(tmp_path, "1girl\nSteps: 20, Sampler: Magic, Seed: 1, Eta: 0.3"))
    assert said.code == 0
    assert said.err.splitlines() == [
        "Sampler 'Magic' cannot be used here; using: auto.",
        "These settings are not used here: Eta.",
    ]


def test_a_sampler_that_the_model_here_lacks_is_named(say, tmp_path: Path) -> None:
    said = say("picture-info", picture(tmp_path, "1girl\nSteps: 4, Sampler: LCM, CFG scale: 1, Seed: 1"))
    assert said.err.splitlines() == ["Sampler 'LCM' cannot be used here; using: auto."]


@pytest.mark.parametrize("task", ["", ", Task: image_to_image"])
def test_a_missing_lora_and_another_model_are_named(say, tmp_path: Path, task: str) -> None:
    text = f"1girl <lora:nosuch:1>\nSteps: 20, Sampler: DDIM, CFG scale: 8, Seed: 1, Model: somebody_v3{task}"
    said = say("picture-info", picture(tmp_path, text))
    assert said.err.splitlines() == [
        "These LoRAs of the prompt are not available here and were left out: nosuch:1.",
        "These settings are for the model 'somebody_v3'; this one draws differently.",
    ]


def test_line_ends_of_windows_are_shown_as_line_ends(say, tmp_path: Path) -> None:
    said = say("picture-info", picture(tmp_path, "1girl\r\nNegative prompt: hat\r\nSteps: 20, Seed: 1, Size: 256x256"))
    assert said.out.splitlines()[:2] == ["1girl", "Negative prompt: hat"]


def test_nothing_in_a_picture_gives_the_terminal_orders(say, tmp_path: Path) -> None:
    said = say("picture-info", picture(tmp_path, "\x1b[2Jgirl\u202e\nSteps: 1, Seed: 2, Odd \x1b: 3"))
    assert "\x1b" not in said.out + said.err
    assert said.out.startswith("\ufffd[2Jgirl\ufffd\nSteps: 1")


def test_a_picture_without_settings_is_one_sentence(say, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "bare.png")
    said = say("picture-info", str(tmp_path / "bare.png"))
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)


def test_no_other_kind_of_file_is_saved(say, studio, tmp_path: Path) -> None:
    assert (say("text-to-image", "1girl", "--format", "bmp", "--out", str(tmp_path)).code, studio.tasks) == (2, [])
