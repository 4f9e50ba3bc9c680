"""The tasks that draw single pictures: from words, and from another picture."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, Self

from animegen.errors import InvalidRequest
from animegen.tasks import checks
from animegen.tasks.request import Request

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, kw_only=True)
class Still(Request):
    """A request for ``count`` pictures of one emotion, from seed, seed + 1, ...

    A filled ``final_prompt`` is drawn as it stands instead of the layers (``prompt``, hair and outfit, ``emotion``,
    ``marks``, ``style``, ``quality``). ``marks`` is a manga mark near the head; ``none`` draws none.
    """

    emotion: str = "none"
    emotion_strength: float = 0.8
    marks: str = "none"
    final_prompt: str = ""
    count: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.number("The emotion strength", self.emotion_strength, 0, 1)
        checks.integer("The number of pictures", self.count, 1, 16)

    def stills(self) -> tuple[Self, ...]:
        """Return the requests whose words are drawn: this one."""
        return (self,)

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each picture alone, once the seed is chosen."""
        return tuple(replace(self, count=1, seed=self.seed + index) for index in range(self.count))


@dataclass(frozen=True, kw_only=True)
class TextToImage(Still):
    """Draw a character from words; there must be some in ``prompt`` or in ``final_prompt``."""

    name: ClassVar[str] = "text_to_image"

    prompt: str = field()

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (self.prompt.strip() or self.final_prompt.strip()):
            raise InvalidRequest("The prompt is empty; say what to draw, for example '1girl, blue hair, smile'.")


@dataclass(frozen=True, kw_only=True)
class ImageToImage(Still):
    """Draw a picture anew: its emotion, its style, or what the words say.

    ``image`` may have any size and mode; the drawing takes its shape, at the model's own size where it is larger
    than the model draws. Of a shape that the model cannot draw, ``fit`` keeps the upper part of a tall picture and the
    middle of a wide one, ``crop`` the middle, and ``pad`` all of it, with the colour of its border around it.
    ``strength`` 0 gives the source back, 1 draws anew and keeps nothing of it. The words may be empty: what they leave
    open of person, eyes, skin, hair and what is worn, chibi tells from the picture and keeps, where it is like those
    that chibi draws.
    Everything else is as in TextToImage.
    """

    name: ClassVar[str] = "image_to_image"

    image: "Image"
    fit: str = "fit"
    strength: float = 0.7

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.picture(self.image, self.fit)
        checks.number("The strength", self.strength, 0, 1)
