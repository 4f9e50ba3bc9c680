"""The task that draws along the edges of a picture."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from animegen.errors import InvalidRequest
from animegen.tasks import checks
from animegen.tasks.stills import Still

if TYPE_CHECKING:
    from PIL.Image import Image

KINDS: Final = ("auto", "photo", "edges", "sketch")
"""What a picture may be: ``auto`` guesses; edges are looked for in a photo, an edge map and a sketch have them."""


@dataclass(frozen=True, kw_only=True)
class Canny(Still):
    """Draw words along the edges of a picture: of a photo, of a sketch with dark lines on white, or of an edge map.

    ``image_kind`` is ``photo``, ``sketch`` or ``edges``; ``auto`` guesses. In a photo, edges are steeper than
    ``low_threshold`` and touch one that is steeper than ``high_threshold`` (both 1 to 255).
    ``conditioning_scale`` is how much the edges lead, from 0 (not at all) to 2; they act from ``start`` to ``end``,
    shares of the steps. ``fit`` is as in
    ImageToImage, everything else as in TextToImage, and the words may be empty.
    """

    name: ClassVar[str] = "canny"

    image: "Image"
    fit: str = "fit"
    image_kind: str = "auto"
    low_threshold: int = 100
    high_threshold: int = 200
    conditioning_scale: float = 0.8
    start: float = 0.0
    end: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.picture(self.image, self.fit)
        checks.text("The kind of picture", self.image_kind, limit=100)
        if self.image_kind not in KINDS:
            raise InvalidRequest(
                f"There is no kind of picture named '{self.image_kind}'; choose one of: {', '.join(KINDS)}."
            )
        checks.integer("The low threshold", self.low_threshold, 1, 255)
        checks.integer("The high threshold", self.high_threshold, 1, 255)
        if self.low_threshold > self.high_threshold:
            raise InvalidRequest("The low threshold is above the high one; exchange them.")
        checks.number("The conditioning scale", self.conditioning_scale, 0, 2)
        checks.number("The start of the edges", self.start, 0, 1)
        checks.number("The end of the edges", self.end, 0, 1)
        if self.start >= self.end:
            raise InvalidRequest("The edges would end before they start; choose an end behind the start.")
