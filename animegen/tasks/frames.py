"""The tasks that draw frames: between two emotions, and a picture through several of them."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Self

from animegen.errors import InvalidRequest
from animegen.tasks.fields import Group, field
from animegen.tasks.kinds import Choice, Flag, Integer, Names, Number, Source, unset
from animegen.tasks.request import FIT, SHARE, Request, copy, require_prompt
from animegen.tasks.stills import ImageToImage, Still, TextToImage

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PATHS: Final = 8
MAX_DRAWN: Final = 64
"""How many frames one request may draw, all of its paths together."""
FILMS: Final = ("none", "gif", "webp", "mp4", "zip")
"""What may be made of frames beside the pictures; ``none`` makes nothing."""
EMOTIONS: Final = Names(table="emotion", most=MAX_PATHS)


@dataclass(frozen=True, kw_only=True)
class Frames(Request):
    """A request for several frames: all ``frames``, or the one ``frame`` alone, 1 being the first.

    ``film`` is what is made of them, of ``frame_rate`` frames a second, there and back with ``ping_pong``.
    """

    frames: int = field(Integer(low=2, high=32), Group.FRAMES, 9, key="Frames")
    frame: int | None = field(Integer(low=1, high=32, unset=unset(0, "all")), Group.FRAMES, None, key="Frame")
    film: str = field(Choice(FILMS), Group.OUTPUT, "none")
    frame_rate: float = field(Number(low=1, high=30, step=1), Group.OUTPUT, 8.0)
    ping_pong: bool = field(Flag(), Group.OUTPUT, True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.frame is not None and self.frame > self.frames:
            raise InvalidRequest("tasks.frame_number", frame=self.frame, frames=self.frames)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the frames to draw, 1 being the first."""
        return tuple(range(1, self.frames + 1)) if self.frame is None else (self.frame,)

    def position(self, number: int) -> float:
        """Return where a frame lies, 0 being the first and 1 the last."""
        return (number - 1) / (self.frames - 1)

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each frame alone."""
        return tuple(replace(self, frame=number) for number in self.numbers)


@dataclass(frozen=True, kw_only=True)
class EmotionPath(Frames):
    """Draw what lies between two emotions, of a character in words or of a picture.

    The frames share their noise, and each is drawn whole from words between those of both ends, so far along that
    drawings change evenly; the first and the last are the emotions themselves. ``from_emotion`` and ``to_emotion`` are
    names of emotions: with several names on each side, separated by commas, the first goes to the first, the second to
    the second. Their strengths make a path from a slight emotion to a strong one. ``frame`` 0 draws all ``frames``,
    another number that one alone, 1 being the first. ``shared_steps`` is how much of the steps (0 to 0.9) a path draws
    once for all its frames: faster, and an approximation. With an ``image``, ``strength`` says how much of it is drawn
    anew. The rest is as in TextToImage.
    """

    name: ClassVar[str] = "emotion_path"

    image: "Image | None" = field(Source(optional=True), Group.IMAGE, None)
    from_emotion: tuple[str, ...] = field(EMOTIONS, Group.EMOTION, ("calm",), key="From emotion", option="--from")
    to_emotion: tuple[str, ...] = field(EMOTIONS, Group.EMOTION, ("happy",), key="To emotion", option="--to")
    from_strength: float = field(SHARE, Group.EMOTION, 0.8, key="From strength")
    to_strength: float = field(SHARE, Group.EMOTION, 0.8, key="To strength")
    shared_steps: float = field(Number(low=0, high=0.9), Group.FRAMES, 0.0, key="Shared steps")
    strength: float = field(SHARE, Group.FRAMES, 0.7, key="Denoising strength")
    fit: str = field(FIT, Group.SOURCE, "fit", key="Fit")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image is None:
            require_prompt(self.prompt)
        first, last = len(self.from_emotion), len(self.to_emotion)
        if first != last:
            raise InvalidRequest("tasks.path_ends", first=first, last=last)
        if (drawn := first * len(self.numbers)) > MAX_DRAWN:
            raise InvalidRequest("tasks.too_many_frames", count=drawn, most=MAX_DRAWN)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The emotions that each path leads from and to."""
        return tuple(zip(self.from_emotion, self.to_emotion, strict=True))

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each frame alone, path by path."""
        return tuple(
            replace(self, from_emotion=(first,), to_emotion=(last,), frame=number)
            for first, last in self.pairs
            for number in self.numbers
        )

    def prompts(self) -> tuple[Still, ...]:
        """Return the requests of the pure emotions that the paths lead from and to, in turn."""
        ends = ((first, self.from_strength, last, self.to_strength) for first, last in self.pairs)
        return tuple(each for a, weak, b, strong in ends for each in (_pure(self, a, weak), _pure(self, b, strong)))


@dataclass(frozen=True, kw_only=True)
class Animation(Frames):
    """Draw a picture through a row of emotions, each frame a drawing of its own, all from the same noise.

    ``emotions`` are their names, separated by commas. ``first_strength`` and ``last_strength`` say how much of the
    picture is drawn anew in the first and in the last frame, and those between lie evenly between. ``frame`` 0 draws
    all ``frames``, another number that one alone, 1 being the first. The rest is as in ImageToImage.
    """

    name: ClassVar[str] = "animation"

    image: "Image" = field(Source(), Group.IMAGE)
    emotions: tuple[str, ...] = field(EMOTIONS, Group.EMOTION, ("calm", "happy"), key="Emotions")
    emotion_strength: float = field(SHARE, Group.EMOTION, 0.8, key="Emotion strength")
    frames: int = field(Integer(low=8, high=16), Group.FRAMES, 12, key="Frames")
    first_strength: float = field(SHARE, Group.FRAMES, 0.3, key="First strength")
    last_strength: float = field(SHARE, Group.FRAMES, 0.7, key="Last strength")
    fit: str = field(FIT, Group.SOURCE, "fit", key="Fit")
    film: str = field(Choice(FILMS), Group.OUTPUT, "gif")

    def prompts(self) -> tuple[Still, ...]:
        """Return the requests of the pure emotions in their order."""
        return tuple(_pure(self, emotion, self.emotion_strength) for emotion in self.emotions)


def _pure(request: EmotionPath | Animation, emotion: str, strength: float) -> Still:
    """Return the request that draws one emotion alone, with everything else as in the request."""
    kind = TextToImage if request.image is None else ImageToImage
    still: Still = copy(request, kind, emotion=emotion, emotion_strength=strength)
    return still
