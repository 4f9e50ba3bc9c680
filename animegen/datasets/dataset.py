"""What a folder of training pictures holds, once it is read: samples, and all that is not used, with the reason."""

from dataclasses import dataclass
from pathlib import Path

from animegen.messages import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A picture with its caption.

    ``caption`` is what its file says (an empty file is an empty caption), or the ``folder_words`` where it has none:
    the class words or the tag of its folder. ``size`` is width and height, upright, in pixels; ``transparent`` says
    whether any pixel is not opaque.
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
    """A file or folder that is not used, or not all of it, and why; nobody has to do anything about it."""

    path: Path
    reason: Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A file or folder that has to be mended before the first step, and how."""

    path: Path
    reason: Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """The samples of a run: those that are trained on, those of the validation split, and regularisation pictures.

    All are sorted by path. Only a surveyed dataset has ``faults``; one that was read has none.
    """

    root: Path
    training: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    regularization: tuple[Sample, ...]
    ignored: tuple[Ignored, ...]
    faults: tuple[Fault, ...] = ()
