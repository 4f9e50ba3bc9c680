"""A studio for the page's own tests: real prompts, flat pictures, and a gate that lets a drawing wait half-way."""

import threading
from collections.abc import Iterator
from dataclasses import replace

from PIL import Image

from animegen.models.table import rows
from animegen.prompts import layers, presets
from animegen.prompts.layers import Prompt
from animegen.tasks import Picture, Preview, TextToImage


class FakeStudio:
    """Draws one flat colour per seed. While ``gate`` is closed, a drawing stands still before its last step."""

    def __init__(self) -> None:
        self.row = rows()["chibi"]
        self.gate = threading.Event()
        self.gate.set()
        self.drawn: list[TextToImage] = []
        self.closed = threading.Event()

    def prompt(self, task: TextToImage) -> Prompt:
        return layers.compose(task, family="chibi", count=lambda text: len(text.split()), limit=75)

    def run(self, task: TextToImage) -> Iterator[Preview | Picture]:
        prompt = self.prompt(task)
        preset = presets.preset(task.preset)
        wanted = replace(
            task,
            final_prompt=prompt.text,
            negative_prompt=prompt.negative,
            steps=task.steps or preset.steps,
            guidance_scale=task.guidance_scale or preset.guidance_scale,
            sampler=task.sampler or preset.sampler,
            width=task.width or 128,
            height=task.height or 128,
            seed=task.seed if task.seed >= 0 else 1234,
        )
        return self._draw(wanted, prompt.notes)

    def _draw(self, task: TextToImage, notes: tuple[str, ...]) -> Iterator[Preview | Picture]:
        self.drawn.append(task)
        try:
            for step in range(1, task.steps + 1):
                yield Preview(step=step, steps=task.steps, images=tuple(_flat(task, i, 16) for i in range(task.count)))
                while step == task.steps - 1 and not self.gate.wait(0.05):
                    yield Preview(step=step, steps=task.steps)
            for index in range(task.count):
                single = replace(task, count=1, seed=task.seed + index)
                yield Picture(image=_flat(task, index, task.width), task=single, model="chibi", notes=notes)
        finally:
            self.closed.set()


def _flat(task: TextToImage, index: int, side: int) -> Image.Image:
    seed = task.seed + index
    return Image.new("RGB", (side, side), (seed * 37 % 256, seed * 91 % 256, seed * 151 % 256))
