"""A job: a request with everything decided, which is all that the pipelines see."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from animegen.messages import Message
from animegen.tasks import Request, Still, Task

if TYPE_CHECKING:
    from PIL.Image import Image

    from animegen.lora_files import Offer

T = TypeVar("T", bound=Request)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job(Generic[T]):
    """What is drawn; it draws the same pictures again, to the bit. Jobs are pickled on their way to a lent GPU.

    ``request`` is what was requested, its names as the tables spell them and the LoRAs taken out of its words; what
    it leaves unset stands here. ``texts`` are what the text encoder reads for each of its ``prompts()``, ``negative``
    the negative prompt. ``source`` is the picture to begin with, upright, RGB and of this size. ``adapters`` are the
    LoRAs with their weights, that of the sampler too. ``undecided`` are choices of words of which the recognition of
    the source adds those that fit. ``cpu_seconds`` is for how long a processor works while a GPU waits.
    """

    request: T
    texts: tuple[str, ...]
    negative: str
    steps: int
    guidance_scale: float
    sampler: str
    width: int
    height: int
    seed: int
    source: "Image | None" = None
    adapters: tuple[tuple["Offer", float], ...] = ()
    undecided: tuple[Sequence[str], ...] = ()
    notes: tuple[Message, ...] = ()
    cpu_seconds: float = 0.0

    def singles(self) -> tuple[Task, ...]:
        """Return the request of each picture alone, which draws it again."""
        return self.filled().singles()

    def filled(self) -> Task:
        """Return the request with everything set that is decided here."""
        changes: dict[str, Any] = {
            name: getattr(self, name) for name in ("steps", "guidance_scale", "sampler", "width", "height", "seed")
        }
        changes["negative_prompt"] = self.negative
        if self.source is not None:
            changes["image"] = self.source
        if isinstance(self.request, Still):
            changes["final_prompt"] = self.texts[0]
        request: Any = self.request
        filled: Task = replace(request, **changes)
        return filled
