"""The tasks that draw single pictures: from words, and from another picture."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from animegen.errors import InvalidRequest
from animegen.tasks import checks

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, kw_only=True, slots=True)
class TextToImage:
    """Draw a character from words.

    A zero in ``steps``, ``guidance_scale``, ``width`` or ``height`` and an empty ``sampler`` mean
    "as the preset and the model have it"; ``seed`` -1 means "choose one". A filled ``final_prompt``
    is drawn as it stands instead of the layers (``prompt``, hair and outfit, ``emotion``, ``style``, ``quality``).

    Raises InvalidRequest with one sentence for a visitor when a value is of the wrong type or range.
    """

    name: ClassVar[str] = "text_to_image"

    prompt: str
    negative_prompt: str = ""
    emotion: str = "none"
    emotion_strength: float = 0.8
    hair_style: str = "none"
    hair_colour: str = "none"
    outfit: str = "none"
    style: str = "none"
    quality: str = "standard"
    preset: str = "balanced"
    final_prompt: str = ""
    steps: int = 0
    guidance_scale: float = 0.0
    sampler: str = ""
    width: int = 0
    height: int = 0
    count: int = 1
    seed: int = -1

    def __post_init__(self) -> None:
        checks.words(self)
        if not (self.prompt.strip() or self.final_prompt.strip()):
            raise InvalidRequest("The prompt is empty; say what to draw, for example '1girl, blue hair, smile'.")
        checks.number("The emotion strength", self.emotion_strength, 0, 1)
        checks.sampling(self)
        checks.integer("The number of pictures", self.count, 1, 16)

    def stills(self) -> "tuple[TextToImage, ...]":
        """Return the requests whose words are drawn: this one."""
        return (self,)

    def singles(self) -> "tuple[TextToImage, ...]":
        """Return the request of each picture alone, once the seed is chosen."""
        return tuple(replace(self, count=1, seed=self.seed + index) for index in range(self.count))


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageToImage:
    """Draw a picture anew: its emotion, its style, or what the words say.

    ``image`` may have any size and mode; the drawing takes its shape, at the model's own size where it is larger
    than the model draws. ``strength`` 0 gives the source back, 1 draws anew and keeps nothing of it. The words may
    be empty. Everything else is as in TextToImage.

    Raises InvalidRequest with one sentence for a visitor when a value is of the wrong type or range.
    """

    name: ClassVar[str] = "image_to_image"

    image: "Image"
    prompt: str = ""
    negative_prompt: str = ""
    emotion: str = "none"
    emotion_strength: float = 0.8
    strength: float = 0.7
    hair_style: str = "none"
    hair_colour: str = "none"
    outfit: str = "none"
    style: str = "none"
    quality: str = "standard"
    preset: str = "balanced"
    final_prompt: str = ""
    steps: int = 0
    guidance_scale: float = 0.0
    sampler: str = ""
    width: int = 0
    height: int = 0
    count: int = 1
    seed: int = -1

    def __post_init__(self) -> None:
        checks.picture(self.image)
        checks.words(self)
        checks.number("The emotion strength", self.emotion_strength, 0, 1)
        checks.number("The strength", self.strength, 0, 1)
        checks.sampling(self)
        checks.integer("The number of pictures", self.count, 1, 16)

    def stills(self) -> "tuple[ImageToImage, ...]":
        """Return the requests whose words are drawn: this one."""
        return (self,)

    def singles(self) -> "tuple[ImageToImage, ...]":
        """Return the request of each picture alone, once the seed is chosen."""
        return tuple(replace(self, count=1, seed=self.seed + index) for index in range(self.count))
