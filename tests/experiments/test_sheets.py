"""The sheet of emotions, with a studio that needs no model."""

from pathlib import Path

from PIL import Image

from animegen.experiments import sheets
from animegen.prompts.emotions import emotions
from tests.experiments.asking import Painter


def test_every_character_is_drawn_once_in_every_emotion_with_one_seed(tmp_path: Path) -> None:
    painter = Painter(lambda task: [Image.new("RGB", (16, 16))])
    path = sheets.draw_emotions(painter, out=tmp_path, report=lambda _: None)
    drawn = {(task.seed, task.prompt, task.emotion) for task in painter.tasks}
    assert drawn == {(seed, prompt, name) for seed, prompt in enumerate(sheets.PEOPLE) for name in emotions()}
    with Image.open(path) as page:
        assert page.width == sheets.TILE * len(emotions())
