"""The tasks that draw single pictures: from words, from another picture, and along its edges."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Self

from animegen.errors import InvalidRequest
from animegen.tasks.fields import Group, field
from animegen.tasks.kinds import Choice, Integer, Name, Number, Source, Text
from animegen.tasks.request import FIT, SHARE, Request, require_prompt

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGE_KINDS: Final = ("auto", "photo", "edges", "sketch")
"""What a picture may be: ``auto`` guesses; edges are looked for in a photo, an edge map and a sketch have them."""
LINES: Final = ("edges", "lineart")
"""Which lines lead a drawing: edges, or the line art that a network finds, for models that have a ControlNet for it."""
THRESHOLD: Final = Integer(low=1, high=255)


@dataclass(frozen=True, kw_only=True)
class Still(Request):
    """A request for ``count`` pictures of one emotion, from seed, seed + 1, ...

    A filled ``final_prompt`` is drawn as it stands instead of the layers (``prompt``, hair and outfit, ``emotion``,
    ``style``, ``quality``).
    """

    emotion: str = field(Name(table="emotion"), Group.EMOTION, "none", key="Emotion")
    emotion_strength: float = field(SHARE, Group.EMOTION, 0.8, key="Emotion strength")
    final_prompt: str = field(Text(), Group.LOOK, "")
    count: int = field(Integer(low=1, high=16), Group.SAMPLING, 1)

    def prompts(self) -> tuple["Still", ...]:
        """Return the requests whose words are drawn: this one."""
        return (self,)

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each picture alone, once the seed is chosen."""
        return tuple(replace(self, count=1, seed=(self.seed or 0) + index) for index in range(self.count))


@dataclass(frozen=True, kw_only=True)
class TextToImage(Still):
    """Draw a character from words; there must be some in ``prompt`` or in ``final_prompt``."""

    name: ClassVar[str] = "text_to_image"

    prompt: str = field(Text(), Group.PROMPT)

    def __post_init__(self) -> None:
        super().__post_init__()
        require_prompt(self.prompt, self.final_prompt)


@dataclass(frozen=True, kw_only=True)
class ImageToImage(Still):
    """Draw a picture anew: its emotion, its style, or what the words say.

    ``image`` may have any size and mode; the drawing takes its shape, at the model's own size where it is larger
    than the model draws. Of a shape that the model cannot draw, ``fit`` keeps the upper part of a tall picture and the
    middle of a wide one, ``crop`` the middle, and ``pad`` all of it, with the colour of its border around it.
    ``strength`` 0 gives the source back, 1 draws anew and keeps nothing of it. The words may be empty: what they leave
    open of person, eyes, skin, hair and clothes, chibi recognises in the picture and keeps, where it is like those
    that chibi draws.
    Everything else is as in TextToImage.
    """

    name: ClassVar[str] = "image_to_image"

    image: "Image" = field(Source(), Group.IMAGE)
    strength: float = field(SHARE, Group.FRAMES, 0.7, key="Denoising strength")
    fit: str = field(FIT, Group.SOURCE, "fit", key="Fit")


@dataclass(frozen=True, kw_only=True)
class Canny(Still):
    """Draw words along the edges of a picture: of a photo, of a sketch with dark lines on white, or of an edge map.

    ``image_kind`` is ``photo``, ``sketch`` or ``edges``; ``auto`` guesses. In a photo, edges are steeper than
    ``low_threshold`` and touch one that is steeper than ``high_threshold`` (both 1 to 255).
    ``conditioning_scale`` is how much the edges lead, from 0 (not at all) to 2; they act from ``start`` to ``end``,
    shares of the steps. ``lines`` are ``edges``, or the ``lineart`` that a network finds in any picture, where the
    model has a ControlNet for it. ``fit`` is as in ImageToImage, everything else as in TextToImage, and the words may
    be empty.
    """

    name: ClassVar[str] = "canny"

    image: "Image" = field(Source(), Group.IMAGE)
    fit: str = field(FIT, Group.SOURCE, "fit", key="Fit")
    image_kind: str = field(Choice(IMAGE_KINDS), Group.SOURCE, "auto", key="Edges of")
    lines: str = field(Choice(LINES), Group.SOURCE, "edges", key="Lines")
    low_threshold: int = field(THRESHOLD, Group.SOURCE, 100)
    high_threshold: int = field(THRESHOLD, Group.SOURCE, 200)
    conditioning_scale: float = field(Number(low=0, high=2), Group.SOURCE, 0.8)
    start: float = field(SHARE, Group.SOURCE, 0.0)
    end: float = field(SHARE, Group.SOURCE, 1.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low_threshold > self.high_threshold:
            raise InvalidRequest("tasks.thresholds")
        if self.start >= self.end:
            raise InvalidRequest("tasks.start_end")
