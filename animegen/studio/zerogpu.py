"""A job on its way to where it is drawn: this process, or that of a GPU which is lent for some seconds.

What goes there and comes back is pickled where the process is another one, so problems come back as values.
"""

import math
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Any, Final

from animegen.errors import AnimegenError
from animegen.pipelines.job import Job
from animegen.tasks import Picture, Preview

START: Final = 4.0
"""Seconds that a lent GPU needs before the first step."""
ADAPTER: Final = 2.0
"""Seconds to merge a LoRA: the largest change nearly every weight of a UNet."""
STEP: Final = 0.06
"""Seconds of one step of a picture of PIXELS with guidance; all are careful guesses, since no such GPU was measured."""
PIXELS: Final = 512 * 512
MOST: Final = 60
"""No drawing requests more seconds: visitors without an account have 120 a day."""

Results = Generator[Preview | Picture, None, None]
Draw = Callable[[Job[Any]], Generator[Preview | Picture | AnimegenError, None, None]]


def seconds(job: Job[Any]) -> int:
    """Return for how many seconds a drawing needs a GPU: few, because a visitor's quota must hold them."""
    drawing = len(job.singles()) * job.steps * STEP * job.width * job.height / PIXELS
    return min(math.ceil(START + len(job.adapters) * ADAPTER + drawing + job.cpu_seconds), MOST)


def results(draw: Draw, job: Job[Any]) -> Results:
    """Yield what a drawing yields; a problem that comes back from it is raised here."""
    with closing(draw(job)) as events:
        for each in events:
            if isinstance(each, AnimegenError):
                raise each
            yield each
