"""What page and command line need of a studio: the real one, one on another machine, or a test's."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Protocol

from animegen.tasks import Canny, Picture, Preview, Still, Task

if TYPE_CHECKING:
    from PIL.Image import Image

    from animegen.lora_files import Offers
    from animegen.messages import Text
    from animegen.models.table import ModelRow
    from animegen.prompts.prompt import Prompt


class StudioProtocol(Protocol):
    """Requests in, previews and pictures out; what draws them, and whether it is loaded."""

    @property
    def row(self) -> "ModelRow":
        """The model that draws."""
        ...

    @property
    def reason(self) -> "Text":
        """Why this model was chosen."""
        ...

    @property
    def offers(self) -> "Offers":
        """The LoRAs that a request may name."""
        ...

    @property
    def public(self) -> bool:
        """Whether anybody may send requests."""
        ...

    @property
    def loaded(self) -> bool:
        """Whether the model's weights are in memory."""
        ...

    @property
    def arrived(self) -> tuple[int, int]:
        """How many bytes of a download are here, and how many there will be."""
        ...

    def run(self, task: Task) -> Generator[Preview | Picture, None, None]:
        """Check a request, then return a generator of previews and pictures; closing it stops the drawing."""
        ...

    def edges(self, task: Canny) -> "tuple[Image, Canny, tuple[Text, ...]]":
        """Return the map that a request would follow, the prepared request, and notes; only line art needs weights."""
        ...

    def prompt(self, task: Still) -> "Prompt":
        """Return the prompt of a request in layers."""
        ...
