"""A studio for the page's own tests: real checks and prompts, flat pictures, and a gate that holds a drawing up."""

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from PIL import Image

from animegen.lora_files import Offers
from animegen.models.table import rows
from animegen.pictures import edges
from animegen.pipelines.job import Job
from animegen.prompts.prompt import Prompt
from animegen.studio.resolve import Model, resolve, write_prompt
from animegen.studio.source import prepare_edges
from animegen.studio.zerogpu import Results
from animegen.tasks import Canny, Picture, Preview, Still, Task

SEED = 1234
"""The seed that is drawn with where none is requested."""
WORDS: Any = SimpleNamespace(count=lambda text: len(text.split()), overflow=lambda text: "")
"""Counts words for tokens."""


class FakeStudio:
    """Draws one flat colour per seed, ``batch`` pictures together.

    While ``gate`` is closed, a drawing stands still before the last step of its last batch.
    """

    reason = ""
    loaded = False

    def __init__(self, offers: Offers | None = None) -> None:
        self.row = replace(rows()["chibi"], min_size=128, max_size=512)  # of several sizes, as larger models are
        self.offers = offers or Offers()
        self.public = False
        self.arrived = 0, 0
        self.gate = threading.Event()
        self.gate.set()
        self.batch = 64
        self.drawn: list[Task] = []
        self.closed = threading.Event()

    @property
    def model(self) -> Model:
        return Model(row=self.row, tokens=WORDS, loras=self.offers.scan(), public=self.public)

    def run(self, request: Task) -> Results:
        return self._draw(resolve(self.model, request, SEED))

    def prompt(self, request: Still) -> Prompt:
        return write_prompt(self.model, request)

    def edges(self, request: Canny) -> tuple[Image.Image, Canny, tuple[Any, ...]]:
        source = prepare_edges(self.row, request)
        return edges.of(source.request), source.request, source.notes

    def pictures(self, request: Task) -> tuple[Picture, ...]:
        return tuple(each for each in self.run(request) if isinstance(each, Picture))

    def _draw(self, job: Job[Any]) -> Results:
        singles = job.singles()
        self.drawn.append(job.filled())
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
