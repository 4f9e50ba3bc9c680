"""A request of every task that begins with a picture, and a studio of the tiny model that draws them."""

from pathlib import Path

import pytest
from PIL import Image

from animegen.pipelines import familiarity, zero_shot
from animegen.studio import Studio
from animegen.tasks import Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Task, TextToImage
from tests import tiny

SOURCE = Image.effect_noise((96, 64), 60).convert("RGB")
TASK = ImageToImage(image=SOURCE, prompt="1girl, blue hair", emotion="angry", strength=0.5, steps=4, seed=5)
PATH = EmotionPath(prompt="1girl, blue hair", from_emotion="happy", to_emotion="sad", frames=3, steps=4, seed=5)
ANIMATION = Animation(image=SOURCE, emotions="calm,happy", frames=8, steps=4, seed=5)
SHEET = ExpressionSheet(prompt="1girl, blue hair", emotions="neutral,happy", steps=4, seed=5)
CANNY = Canny(image=SOURCE, prompt="1girl, blue hair", image_kind="photo", steps=4, seed=5)
TEXT = TextToImage(prompt="1girl, blue hair", emotion="angry", steps=2, seed=5)
TASKS: list[Task] = [TEXT, TASK, CANNY, PATH, ANIMATION, SHEET]


def open_studio(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """Return a studio that knows every picture, and believes all that its random weights say of one."""
    monkeypatch.setattr(zero_shot, "SURE", 0.0)
    parts = tiny.parts_with_controlnet(folder)
    (folder / familiarity.FILE).write_text('{"bound": Infinity}')
    return Studio(tiny.ROW, lambda _: parts)
