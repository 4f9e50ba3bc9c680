from pathlib import Path

import gradio as gr
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from animegen.models.table import rows
from animegen.tasks import EmotionPath, TextToImage
from animegen.ui import picture_settings
from animegen.ui.controls import fields_of
from animegen.ui.drawing import handler
from animegen.ui.emotion_path import prepare_path
from animegen.ui.stops import Stops
from tests.ui.fake_studio import FakeStudio

File = dict[str, str]
NAMES = fields_of(TextToImage)


@pytest.fixture
def uploads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(folder))
    return folder


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the page says in passing, collected instead of sent to a browser."""
    said: list[str] = []
    monkeypatch.setattr(gr, "Info", said.append)
    return said


def png(folder: Path, text: str | None) -> File:
    chunk = PngInfo()
    if text is not None:
        chunk.add_text("parameters", text)
    path = folder / "picture.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=chunk)
    return {"path": str(path)}


def drawn(studio: FakeStudio, folder: Path, **values: object) -> File:
    request = gr.Request(headers={})
    *_, (image, _, _) = handler(studio, TextToImage, Stops())(request, **values)
    return png(folder, image.info["parameters"])


def controls(studio: FakeStudio, file: File | str, request: gr.Request) -> dict[str, object]:
    return dict(zip(NAMES, picture_settings.settings(studio, NAMES)(file, request), strict=True))


def test_a_picture_gives_back_the_controls_that_drew_it(studio: FakeStudio, uploads: Path, visitor: gr.Request) -> None:
    asked = {"prompt": "1girl, 青い hair", "emotion": "sad", "emotion_strength": 0.5, "style": "kimono", "seed": 42}
    found = controls(studio, drawn(studio, uploads, **asked), visitor)
    assert {name: found[name] for name in asked} == asked


def test_the_text_of_a_picture_gives_the_same_controls_as_its_file(
    studio: FakeStudio, uploads: Path, visitor: gr.Request
) -> None:
    file = drawn(studio, uploads, prompt="1girl, 青い hair", seed=42)
    assert controls(studio, picture_settings.parameters(file, visitor), visitor) == controls(studio, file, visitor)


def test_what_the_layers_and_the_preset_gave_is_left_to_them(
    studio: FakeStudio, uploads: Path, visitor: gr.Request
) -> None:
    found = controls(studio, drawn(studio, uploads, prompt="1girl", emotion="sad"), visitor)
    own = TextToImage(prompt="1girl")
    for name in ("final_prompt", "steps", "guidance_scale", "sampler"):
        assert found[name] == (getattr(own, name) or {"steps": 0, "guidance_scale": 0}.get(name, ""))


def test_an_edited_final_prompt_comes_back_edited(studio: FakeStudio, uploads: Path, visitor: gr.Request) -> None:
    file = drawn(studio, uploads, prompt="1girl", final_prompt="1boy, angry", steps=9)
    found = controls(studio, file, visitor)
    assert (found["final_prompt"], found["steps"]) == ("1boy, angry", 9)


@pytest.mark.parametrize("kind", ["gif", "webp", "mp4"])
def test_a_film_gives_back_the_words_and_the_seed_of_its_frames(
    kind: str, studio: FakeStudio, uploads: Path, visitor: gr.Request
) -> None:
    draw = handler(studio, EmotionPath, Stops(), prepare_path, outputs=4)
    *_, (_, _, film, _) = draw(visitor, prompt="1girl, 青い hair", seed=42, film=kind, frame_rate=8, ping_pong=True)
    found = controls(studio, {"path": film}, visitor)
    assert (found["prompt"], found["seed"]) == ("1girl, 青い hair", 42)


def test_a_lora_that_is_not_here_is_left_out_and_named(
    studio: FakeStudio, uploads: Path, visitor: gr.Request, told: list[str]
) -> None:
    file = png(uploads, "a cat <lora:ink:0.7>\nSteps: 20, Sampler: Euler a, Seed: 1, Size: 256x256, Model: other")
    found = controls(studio, file, visitor)
    assert (found["prompt"], found["loras"]) == ("a cat", [])
    assert told == [
        "These LoRAs of the prompt are not available here and were left out: ink:0.7.",
        "These settings are for the model &#x27;other&#x27;; this one draws differently.",
    ]


def test_a_size_that_the_model_cannot_draw_is_set_to_its_own_and_told(
    studio: FakeStudio, uploads: Path, visitor: gr.Request, told: list[str]
) -> None:
    file = png(uploads, "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768")
    found = controls(studio, file, visitor)
    assert (found["width"], found["height"]) == (0, 0)
    assert told == ["This model cannot draw 512x768; using its own size."]


@pytest.mark.parametrize("values", [{"preset": "fast"}, {"sampler": "LCM"}, {"preset": "fast", "sampler": "Euler"}])
def test_a_picture_by_lcm_and_one_that_could_have_been_give_back_what_was_chosen(
    studio: FakeStudio, uploads: Path, visitor: gr.Request, values: dict[str, str], told: list[str]
) -> None:
    studio.row = rows()["sd15"]
    found = controls(studio, drawn(studio, uploads, prompt="1girl", **values), visitor)
    usual = {"preset": "balanced", "sampler": "", "steps": 0, "guidance_scale": 0}
    assert {name: found[name] for name in usual} == usual | values
    assert told == []


def test_another_programs_lcm_is_taken_where_the_model_has_weights_for_it_and_told_where_not(
    studio: FakeStudio, uploads: Path, visitor: gr.Request, told: list[str]
) -> None:
    file = png(uploads, "a cat\nSteps: 6, Sampler: LCM, CFG scale: 1.5, Seed: 1, Size: 512x512")
    assert controls(studio, file, visitor)["sampler"] == ""
    assert told == ["Sampler &#x27;LCM&#x27; cannot be used here; using: auto."]
    studio.row = rows()["sd15"]
    found = controls(studio, file, visitor)
    assert (found["sampler"], found["steps"], found["guidance_scale"]) == ("LCM", 6, 1.5)


def test_a_picture_without_settings_says_so(uploads: Path, visitor: gr.Request) -> None:
    with pytest.raises(gr.Error, match="carries no generation parameters"):
        picture_settings.parameters(png(uploads, None), visitor)


def test_no_picture_at_all_is_asked_for(uploads: Path, japanese: gr.Request) -> None:
    with pytest.raises(gr.Error, match="先に画像を選んでください"):
        picture_settings.parameters(None, japanese)


@pytest.mark.parametrize("path", ["../outside.png", "/etc/hostname", "", "\0"])
def test_a_path_from_elsewhere_is_not_opened(path: str, uploads: Path, visitor: gr.Request) -> None:
    png(uploads.parent, "secret\nSteps: 1, Sampler: x, Seed: 1").update()
    (uploads.parent / "picture.png").rename(uploads.parent / "outside.png")
    with pytest.raises(gr.Error, match="Choose a picture first"):
        picture_settings.parameters({"path": str(uploads / path) if path.startswith("..") else path}, visitor)


def test_a_file_that_is_no_picture_is_a_sentence(uploads: Path, visitor: gr.Request) -> None:
    (uploads / "x.png").write_text("<svg onload=alert(1)>")
    with pytest.raises(gr.Error, match="not a picture that can be read"):
        picture_settings.parameters({"path": str(uploads / "x.png")}, visitor)
