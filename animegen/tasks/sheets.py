"""The task that draws one character in many emotions."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final, Self

from animegen.tasks.fields import Group, field
from animegen.tasks.kinds import Flag, Names, Text
from animegen.tasks.request import SHARE, Request, copy, require_prompt
from animegen.tasks.stills import TextToImage

NEUTRAL: Final = "neutral"
"""What a sheet calls the face without emotion, which is any emotion at strength 0."""
BACKDROP: Final = "blue background"
"""The words for a background that a character is easily cut out of: no skin, and no eye's white, has its colour."""
MAX_SHEET: Final = 16
FACES: Final = (
    NEUTRAL,
    *("happy", "sad", "angry", "surprised", "calm", "embarrassed", "sleepy", "smug", "scared", "determined"),
)


@dataclass(frozen=True, kw_only=True)
class ExpressionSheet(Request):
    """Draw one character in many emotions; only what an emotion changes differs from picture to picture.

    ``emotions`` are the names of emotions, with commas between them, each once; ``neutral`` is one of them.
    ``transparent`` draws before a plain background and cuts the character out of it; ``character`` is what a game calls
    it. The rest is as in TextToImage.
    """

    name: ClassVar[str] = "expression_sheet"

    prompt: str = field(Text(), Group.PROMPT)
    emotions: tuple[str, ...] = field(
        Names(table="face", most=MAX_SHEET, distinct=True), Group.EMOTION, FACES, key="Emotions"
    )
    emotion_strength: float = field(SHARE, Group.EMOTION, 1.0, key="Emotion strength")
    transparent: bool = field(Flag(), Group.SOURCE, False, key="Transparent")
    character: str = field(Text(limit=100), Group.OUTPUT, "character")

    def __post_init__(self) -> None:
        super().__post_init__()
        require_prompt(self.prompt)

    def prompts(self) -> tuple[TextToImage, ...]:
        """Return the requests of the neutral face, which the others keep to, and of each picture in turn."""
        return tuple(self._still(emotion) for emotion in (NEUTRAL, *self.emotions))

    def singles(self) -> tuple[Self, ...]:
        """Return the request of each picture alone."""
        return tuple(replace(self, emotions=(emotion,)) for emotion in self.emotions)

    def _still(self, emotion: str) -> TextToImage:
        changes: dict[str, object] = {"emotion": emotion}
        if emotion == NEUTRAL:
            changes = {"emotion": "calm", "emotion_strength": 0.0}
        if self.transparent and "background" not in self.prompt:
            changes["prompt"] = f"{self.prompt.rstrip(' ,')}, {BACKDROP}"
        still: TextToImage = copy(self, TextToImage, **changes)
        return still
