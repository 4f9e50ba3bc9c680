"""What is shown of pictures on a public page: one that the safety checker flags is withheld, with a note."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PIL.Image import Image, Resampling

from animegen.messages import Message, message
from animegen.models.safety import SafetyChecker

GRAINS: Final = 8
"""How many patches of colour are left of a picture across and down."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets pictures pass, or, with a checker, those that it does not flag."""

    checker: SafetyChecker | None = None

    def finished(self, images: Sequence[Image]) -> Iterator[tuple[Image, tuple[Message, ...]]]:
        """Yield what is shown of each picture of a batch, and the notes on it."""
        flags = self.checker.flags(images) if self.checker else [False] * len(images)
        for image, flagged in zip(images, flags, strict=True):
            yield (blur(image), (message("pipelines.withheld"),)) if flagged else (image, ())

    def unfinished(self, images: Sequence[Image]) -> tuple[Image, ...]:
        """Return what is shown of previews: what will be checked once it is finished shows its colours alone."""
        return tuple(blur(image) if self.checker else image for image in images)


def blur(image: Image) -> Image:
    """Return a picture of the same size that only has the colours of this one, without a single shape."""
    return image.resize((GRAINS, GRAINS), Resampling.BOX).resize(image.size, Resampling.BICUBIC)
