"""The tasks that draw frames: between two emotions, and a picture through several of them."""

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, ClassVar, Self

from animegen.errors import InvalidRequest
from animegen.tasks import checks
from animegen.tasks.request import Request
from animegen.tasks.stills import ImageToImage, Still, TextToImage

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PATHS = 8
MAX_DRAWN = 64
"""How many frames one request may draw, all of its paths together."""


@dataclass(frozen=True, kw_only=True)
class Frames(Request):
    """A request for several frames: ``frame`` 0 draws all ``frames``, another number that one alone, 1 being the first.

    ``FEWEST`` and ``MOST`` are how many there may be. ``marks`` is a manga mark near the head in all of them.
    """

    FEWEST: ClassVar[int] = 2
    MOST: ClassVar[int] = 32

    frames: int = 9
    frame: int = 0
    marks: str = "none"

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.integer("The number of frames", self.frames, self.FEWEST, self.MOST)
        checks.integer("The frame", self.frame, 1, self.frames, zero_means="all of them")

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the frames to draw, 1 being the first."""
        return (self.frame,) if self.frame else tuple(range(1, self.frames + 1))

    def position(self, number: int) -> float:
        """Return how much of the way a frame has come, 0 being the first and 1 the last."""
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

    image: "Image | None" = None
    fit: str = "fit"
    from_emotion: str = "calm"
    to_emotion: str = "happy"
    from_strength: float = 0.8
    to_strength: float = 0.8
    shared_steps: float = 0.0
    strength: float = 0.7

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.image is not None:
            checks.picture(self.image, self.fit)
        elif not self.prompt.strip():
            raise InvalidRequest("The prompt is empty; say whom to draw, or choose a picture.")
        checks.text("The emotion", self.from_emotion, limit=400)
        checks.text("The emotion", self.to_emotion, limit=400)
        checks.number("The strength at the beginning", self.from_strength, 0, 1)
        checks.number("The strength at the end", self.to_strength, 0, 1)
        checks.number("The part of the steps that is shared", self.shared_steps, 0, 0.9)
        checks.number("The strength", self.strength, 0, 1)
        self._check_pairs()

    def _check_pairs(self) -> None:
        first, last = names(self.from_emotion), names(self.to_emotion)
        if len(first) != len(last) or not 1 <= len(first) <= MAX_PATHS:
            raise InvalidRequest(
                f"The path begins with {len(first)} emotions and ends with {len(last)}; "
                f"name as many on each side, from 1 to {MAX_PATHS}."
            )
        if (drawn := len(first) * len(self.numbers)) > MAX_DRAWN:
            raise InvalidRequest(f"That makes {drawn} frames; draw at most {MAX_DRAWN} at once.")

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the emotions that each path leads from and to."""
        return tuple(zip(names(self.from_emotion), names(self.to_emotion), strict=True))

    def stills(self) -> tuple[Still, ...]:
        """Return the requests of the pure emotions that the paths lead from and to, in turn."""
        ends = ((first, self.from_strength, last, self.to_strength) for first, last in self.pairs)
        return tuple(each for a, low, b, high in ends for each in (_still(self, a, low), _still(self, b, high)))

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each frame alone, path by path."""
        return tuple(
            replace(self, from_emotion=first, to_emotion=last, frame=number)
            for first, last in self.pairs
            for number in self.numbers
        )


@dataclass(frozen=True, kw_only=True)
class Animation(Frames):
    """Draw a picture through a row of emotions, each frame a drawing of its own, all from the same noise.

    ``emotions`` are their names, separated by commas. ``first_strength`` and ``last_strength`` say how much of the
    picture is drawn anew in the first and in the last frame, and those between lie evenly between. ``frame`` 0 draws
    all ``frames``, another number that one alone, 1 being the first. The rest is as in ImageToImage.
    """

    name: ClassVar[str] = "animation"
    FEWEST: ClassVar[int] = 8
    MOST: ClassVar[int] = 16

    image: "Image"
    fit: str = "fit"
    emotions: str = "calm,happy"
    emotion_strength: float = 0.8
    frames: int = 12
    first_strength: float = 0.3
    last_strength: float = 0.7

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.picture(self.image, self.fit)
        checks.text("The emotion", self.emotions, limit=400)
        if not 1 <= len(names(self.emotions)) <= MAX_PATHS:
            raise InvalidRequest(f"Name from 1 to {MAX_PATHS} emotions, with commas between them.")
        checks.number("The emotion strength", self.emotion_strength, 0, 1)
        checks.number("The strength at the beginning", self.first_strength, 0, 1)
        checks.number("The strength at the end", self.last_strength, 0, 1)

    def stills(self) -> tuple[Still, ...]:
        """Return the requests of the pure emotions in their order."""
        return tuple(_still(self, emotion, self.emotion_strength) for emotion in names(self.emotions))


def names(text: str) -> tuple[str, ...]:
    """Return the names in a text that separates them by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _still(task: "EmotionPath | Animation", emotion: str, strength: float) -> Still:
    """Return the request that draws one emotion alone, with everything else as in the task."""
    kind = TextToImage if task.image is None else ImageToImage
    shared = {field.name for field in fields(kind)} & {field.name for field in fields(task)}
    values = {name: getattr(task, name) for name in shared}
    return kind(**values | {"emotion": emotion, "emotion_strength": strength})
