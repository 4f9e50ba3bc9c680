"""What the command line needs of a studio, and how it opens the real one."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from animegen.prompts.prompt import Prompt
    from animegen.tasks import Picture, Preview, Task, TextToImage


class Studio(Protocol):
    """A task in, previews and pictures out."""

    def run(self, task: "Task") -> "Generator[Preview | Picture, None, None]":
        """Draw the task; closing the generator stops the drawing."""

    def prompt(self, task: "TextToImage") -> "Prompt":
        """Return the layers that the task's prompt would be made of."""


def load() -> Studio:
    """Load the model that the settings name. Raises ModelUnavailable."""
    from animegen.settings import settings
    from animegen.studio import Studio as RealStudio

    return RealStudio.load(settings())
