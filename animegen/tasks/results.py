"""What comes back from a task: how far it is, and its pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from animegen.messages import Message
from animegen.tasks.frames import Animation, EmotionPath
from animegen.tasks.sheets import ExpressionSheet
from animegen.tasks.stills import Canny, ImageToImage, TextToImage

if TYPE_CHECKING:
    from PIL.Image import Image

Task = TextToImage | ImageToImage | Canny | EmotionPath | Animation | ExpressionSheet
TASKS: tuple[type[Task], ...] = (TextToImage, ImageToImage, Canny, EmotionPath, Animation, ExpressionSheet)


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """How far a drawing is: ``step`` of ``steps`` done, and a small rough picture for each of the batch."""

    step: int
    steps: int
    images: tuple["Image", ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A finished picture and the task that draws it again.

    ``task`` is a request with everything set: seed, steps, size, sampler and prompts; it draws this one picture, and a
    source picture is in it as it was prepared. ``model`` names the base it was drawn with, ``lora_hashes`` the files of
    its LoRAs by name where they have one; ``notes`` are for the person who requested it.
    """

    image: "Image"
    task: Task
    model: str
    lora_hashes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()

    @property
    def seed(self) -> int:
        """The seed that was used."""
        return self.task.seed or 0
