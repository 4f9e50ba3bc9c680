"""A studio for the page's own tests: real checks and prompts, flat pictures, and a gate that holds a drawing up."""

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from PIL import Image

from animegen.lora_files import Offers
from animegen.models.table import rows
from animegen.pipelines.job import Job
from animegen.studio import Studio
from animegen.studio.zerogpu import Results
from animegen.tasks import Picture, Preview, Task

SEED = 1234
"""The seed that is drawn with where none is asked for."""


class FakeStudio(Studio):
    """Draws one flat colour per seed, ``batch`` pictures together.

    While ``gate`` is closed, a drawing stands still before the last step of its last batch.
    """

    def __init__(self, offers: Offers | None = None) -> None:
        row = replace(rows()["chibi"], min_size=128, max_size=512)  # of several sizes, as larger models are
        words = SimpleNamespace(count=lambda text: len(text.split()), overflow=lambda text: "")
        super().__init__(
            row, load_parts=lambda row: None, load_tokens=lambda row: words, offers=offers, lend=lambda _: self._flat
        )
        self.gate = threading.Event()
        self.gate.set()
        self.batch = 64
        self.drawn: list[Task] = []
        self.closed = threading.Event()

    @property
    def engine(self) -> Any:
        """Return what stands for the network: something that reads no LoRA."""
        read = SimpleNamespace(autov3="", adapter=SimpleNamespace(notes=()))
        return SimpleNamespace(loras=SimpleNamespace(load=lambda offer: read))

    def run(self, task: Task) -> Results:
        """Draw with SEED where none is asked for."""
        return super().run(replace(task, seed=SEED) if task.seed is None else task)

    def _flat(self, job: Job[Any]) -> Results:
        self.drawn.append(job.filled())
        singles = job.singles()
        starts = range(0, len(singles), self.batch)
        steps = job.steps * len(starts)
        try:
            for place, start in enumerate(starts):
                batch = singles[start : start + self.batch]
                for step in range(place * job.steps + 1, (place + 1) * job.steps + 1):
                    yield Preview(step=step, steps=steps, images=_previews(len(batch), step))
                    while step == steps - 1 and not self.gate.wait(0.05):
                        yield Preview(step=step, steps=steps)
                for single in batch:
                    yield Picture(image=_coloured(single), task=single, model=self.row.name, notes=job.notes)
        finally:
            self.closed.set()


def _previews(count: int, step: int) -> tuple[Image.Image, ...]:
    return tuple(Image.new("RGB", (16, 16), (step % 256, index, 0)) for index in range(count))


def _coloured(task: Task) -> Image.Image:
    colour = (task.seed * 37 % 256, task.seed * 91 % 256, task.seed * 151 % 256)
    return Image.new("RGB", (task.width, task.height), colour)
