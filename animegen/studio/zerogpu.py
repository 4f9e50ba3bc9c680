"""A checked task on its way to where it is drawn: this process, or that of a GPU which is lent for some seconds.

What goes there and comes back is pickled where the process is another one, so problems come back as values.
"""

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from animegen.errors import AnimegenError
from animegen.messages import Text
from animegen.tasks import Picture, Preview, Task

START: Final = 4.0
"""Seconds that a lent GPU needs before the first step."""
WEAR: Final = 2.0
"""Seconds to put a LoRA on: the largest change nearly every weight of a UNet."""
STEP: Final = 0.06
"""Seconds of one step of a picture of PIXELS with guidance; all are careful guesses, since no such GPU was measured."""
PIXELS: Final = 512 * 512
MOST: Final = 60
"""No drawing asks for more seconds: visitors without an account have 120 a day."""

Results = Generator[Preview | Picture, None, None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """A task with everything resolved, the texts that the model reads for it, and notes for the visitor.

    ``loras`` is how many LoRAs it is drawn in, ``beside`` the seconds for which a processor works on it while a GPU
    waits. ``left_open`` are choices of words: those that describe the task's picture best are added to the texts.
    """

    task: Task
    texts: tuple[str, ...]
    notes: tuple[Text, ...]
    loras: int = 0
    beside: float = 0.0
    left_open: tuple[Sequence[str], ...] = ()


Draw = Callable[[Prepared], Generator[Preview | Picture | AnimegenError, None, None]]


def seconds(ready: Prepared) -> int:
    """Return for how many seconds a drawing needs a GPU: few, because a visitor's quota must hold them."""
    task = ready.task
    pictures = sum(1 for _ in task.singles())
    drawing = pictures * task.steps * STEP * task.width * task.height / PIXELS
    return min(math.ceil(START + ready.loras * WEAR + drawing + ready.beside), MOST)


def results(draw: Draw, ready: Prepared) -> Results:
    """Yield what a drawing yields; a problem that comes back from it is raised here."""
    with closing(draw(ready)) as drawn:
        for each in drawn:
            if isinstance(each, AnimegenError):
                raise each
            yield each
