"""The sheet of emotions, with a studio that needs no model."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.experiments import sheets
from animegen.prompts.emotions import emotions
from animegen.tasks import Picture, TextToImage


def test_every_character_is_drawn_once_in_every_emotion_with_one_seed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tasks: list[TextToImage] = []

    class Painter:
        def pictures(self, task: TextToImage) -> tuple[Picture, ...]:
            tasks.append(task)
            return (Picture(image=Image.new("RGB", (16, 16)), task=task, model="painter"),)

    monkeypatch.setattr(sheets.Studio, "load", lambda settings: Painter())
    path = sheets.every_emotion(out=tmp_path, report=lambda _: None)
    asked = {(task.seed, task.prompt, task.emotion) for task in tasks}
    assert asked == {(seed, prompt, name) for seed, prompt in enumerate(sheets.PEOPLE) for name in emotions()}
    with Image.open(path) as page:
        assert page.width == sheets.TILE * len(emotions())
