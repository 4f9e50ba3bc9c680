"""The task that draws one character in many emotions."""

from dataclasses import dataclass, field, fields, replace
from typing import ClassVar, Final, Self

from animegen.errors import InvalidRequest
from animegen.tasks import checks
from animegen.tasks.paths import names
from animegen.tasks.request import Request
from animegen.tasks.stills import TextToImage

NEUTRAL: Final = "neutral"
"""What a sheet calls the face without emotion, which is any emotion at strength 0."""
BACKDROP: Final = "blue background"
"""The words for a background that a character is easily cut out of: no skin, and no eye's white, has its colour."""
MAX_SHEET: Final = 16


@dataclass(frozen=True, kw_only=True)
class ExpressionSheet(Request):
    """Draw one character in many emotions; only what an emotion changes differs from picture to picture.

    ``emotions`` are the names of emotions, with commas between them, each once; ``neutral`` is one of them.
    ``transparent`` draws before a plain background and cuts the character out of it. No face has a manga
    mark near it unless the words name one. The rest is as in TextToImage.
    """

    name: ClassVar[str] = "expression_sheet"

    prompt: str = field()
    emotions: str = (
        "neutral,happy,sad,angry,surprised,calm,embarrassed,sleepy,smug,scared,determined,crying,laughing,disgusted"
    )
    emotion_strength: float = 1.0
    transparent: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.prompt.strip():
            raise InvalidRequest("The prompt is empty; say what to draw, for example '1girl, blue hair, smile'.")
        checks.text("The emotion", self.emotions, limit=400)
        named = names(self.emotions)
        if not 1 <= len(named) <= MAX_SHEET or len(set(named)) < len(named):
            raise InvalidRequest(f"Name from 1 to {MAX_SHEET} emotions, each once, with commas between them.")
        checks.number("The emotion strength", self.emotion_strength, 0, 1)
        if not isinstance(self.transparent, bool):
            raise InvalidRequest("The transparent background is either true or false.")

    def stills(self) -> tuple[TextToImage, ...]:
        """Return the requests of the neutral face, which the others keep to, and of each picture in turn."""
        return tuple(self._still(emotion) for emotion in (NEUTRAL, *names(self.emotions)))

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each picture alone."""
        return tuple(replace(self, emotions=emotion) for emotion in names(self.emotions))

    def _still(self, emotion: str) -> TextToImage:
        given = {each.name: getattr(self, each.name) for each in fields(TextToImage) if hasattr(self, each.name)}
        if self.transparent and "background" not in self.prompt:
            given["prompt"] = f"{self.prompt.rstrip(' ,')}, {BACKDROP}"
        changes = {"emotion": "calm", "emotion_strength": 0.0} if emotion == NEUTRAL else {"emotion": emotion}
        return TextToImage(**given | changes)
