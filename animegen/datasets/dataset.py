"""What a folder of training pictures holds, once it is read: samples, and all that is not used, with the reason."""

from dataclasses import dataclass
from pathlib import Path

from animegen.messages import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A picture with its caption.

    ``caption`` is what its file says, or the class words or the tag of its folder (``folder_words``) where it has none;
    ``size`` is width and height, upright, in pixels; ``transparent`` says whether it has an alpha channel.
    """

    path: Path
    caption: str
    folder_words: str
    captioned: bool
    repeats: int
    size: tuple[int, int]
    transparent: bool
    regularization: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Ignored:
    """A file or folder that is not used, and why."""

    path: Path
    reason: Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """The samples of a run: those that are trained on, those of the validation split, and regularisation pictures."""

    root: Path
    training: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    regularization: tuple[Sample, ...]
    ignored: tuple[Ignored, ...]
