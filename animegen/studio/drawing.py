"""The drawing of jobs with one engine, one step at a time, whoever draws.

The lock is held while a step is computed and never while a caller has its result, so that a generator which nobody
continues keeps nobody waiting. The adapters are therefore set before each step, which is no work for one drawing after
another; two that go on side by side with different LoRAs merge them anew at every step.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from animegen.pipelines.job import Job
from animegen.studio import recognition
from animegen.studio.zerogpu import Results
from animegen.tasks import Canny, Picture, Preview

if TYPE_CHECKING:
    from PIL.Image import Image

    from animegen.models.loras import Loaded
    from animegen.pipelines.engine import Engine

PREVIEW_SECONDS: Final = 0.2
"""The least time between two previews that carry pictures; those between carry the step alone."""


class Drawing:
    """Draws jobs with an engine, which the first of them loads.

    With ``checked``, pictures go through the model's safety checker. ``clock`` returns seconds; it paces the previews
    and nothing else.
    """

    def __init__(
        self, load: "Callable[[], Engine]", *, checked: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._load = load
        self._checked = checked
        self._clock = clock
        self._lock = threading.Lock()

    def draw(self, job: Job[Any]) -> Results:
        """Yield a Preview a step, and the Pictures of each batch after its last. Raises AnimegenError."""
        engine = self._load()
        adapters = [(engine.loras.load(offer), weight) for offer, weight in job.adapters]
        with closing(self._events(engine, job, _hashes(job, adapters))) as events:
            while event := self._next(engine, adapters, events):
                yield event

    def find_lines(self, request: Canny) -> "Image":
        """Return the line art of a request's prepared picture, in mode L. Raises AnimegenError."""
        from animegen.pictures import edges
        from animegen.pipelines.frames import explain_memory

        engine = self._load()
        with self._lock, explain_memory():
            return edges.of(request, engine.lineart)

    def _next(
        self, engine: "Engine", adapters: "Sequence[tuple[Loaded, float]]", events: Results
    ) -> Preview | Picture | None:
        """Return the next event of a drawing, None after the last."""
        from animegen.pipelines.frames import explain_memory

        with self._lock:
            with explain_memory():
                engine.set_adapters(adapters)
            return next(events, None)

    def _events(self, engine: "Engine", job: Job[Any], hashes: Mapping[str, str]) -> Results:
        from animegen.pipelines import drawing
        from animegen.pipelines.frames import Progress, explain_memory
        from animegen.pipelines.guard import Guard

        guard = Guard(engine.safety_checker if self._checked else None)
        with explain_memory():
            job = recognition.describe_source(engine, job)
        singles, due = iter(job.singles()), float("-inf")
        with closing(drawing.draw(engine, job)) as stages:
            for stage in stages:
                if isinstance(stage, Progress):
                    pictured = self._clock() >= due
                    due = self._clock() + PREVIEW_SECONDS if pictured else due
                    images = guard.unfinished(stage.images()) if pictured else ()
                    yield Preview(step=stage.step, steps=stage.steps, images=images)
                    continue
                notes = (*job.notes, *stage.notes)
                for (image, more), single in zip(guard.finished(stage.images), singles, strict=False):
                    yield Picture(
                        image=image, task=single, model=engine.parts.row.name, lora_hashes=hashes, notes=(*notes, *more)
                    )


def _hashes(job: Job[Any], adapters: "Sequence[tuple[Loaded, float]]") -> dict[str, str]:
    """Return the short hashes of a job's LoRAs by their names; a LoRA in several files has none."""
    pairs = zip(job.adapters, adapters, strict=True)
    return {offer.name: loaded.autov3 for (offer, _), (loaded, _) in pairs if loaded.autov3}
