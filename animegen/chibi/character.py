"""What chibi knows of the world: a typed character, its vocabulary, and which of it can be seen in a picture.

Nothing here draws, writes captions or loads torch; artist, captions, judge and evaluation share it.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Person = Literal["girl", "boy"]
Emotion = Literal[
    "happy", "sad", "angry", "surprised", "calm", "embarrassed", "sleepy", "smug", "scared", "determined", "crying",
    "laughing", "disgusted",
]  # fmt: skip
Marks = Literal["none", "anger", "twinkle", "note", "start", "glint", "flame", "bubble"]
HairColour = Literal[
    "black", "brown", "blonde", "orange", "red", "pink", "purple", "blue", "aqua", "green", "silver"
]  # fmt: skip
HairStyle = Literal["short", "bob", "long", "ponytail", "twintails", "braid", "buns", "curly", "spiky"]
EyeColour = Literal["brown", "blue", "green", "red", "purple", "yellow", "pink", "aqua"]
Skin = Literal["pale", "light", "tan", "dark"]
Outfit = Literal[
    "casual", "formal", "school_uniform", "kimono", "hoodie", "armor", "dress", "turtleneck", "overalls"
]  # fmt: skip
Accessory = Literal["glasses", "ribbon", "hat", "headphones", "earrings", "cat_ears", "flower", "scarf"]
Background = Literal[
    "white", "blue", "pink", "yellow", "grey", "gradient", "sky", "sunset", "night", "room", "blossoms"
]  # fmt: skip
Gaze = Literal["viewer", "left", "right", "up", "down"]
Split = Literal["train", "validation", "test"]

VOCABULARY: Final[Mapping[str, tuple[str, ...]]] = {
    "person": get_args(Person),
    "emotion": get_args(Emotion),
    "hair_colour": get_args(HairColour),
    "hair_style": get_args(HairStyle),
    "eye_colour": get_args(EyeColour),
    "skin": get_args(Skin),
    "outfit": get_args(Outfit),
    "background": get_args(Background),
    "gaze": get_args(Gaze),
    "marks": get_args(Marks),
}
ACCESSORIES: Final[tuple[str, ...]] = get_args(Accessory)
ON_HEAD: Final = frozenset({"ribbon", "hat", "headphones", "cat_ears", "flower"})
"""Accessories of which a head carries one at most."""

NEUTRAL: Final = "neutral"
"""The emotion label of a face whose emotion has strength 0."""
SCORED_STRENGTH: Final = 0.5
"""An emotion weaker than this is drawn, and not scored."""
CLOSED_EYES: Final[Mapping[str, float]] = {"sleepy": 0.5, "crying": 0.5, "laughing": 0.5}
"""From which strength of these emotions the eyes are shut, so that their colour and gaze are hidden."""
USUAL_MARK: Final[Mapping[str, Marks]] = {
    "angry": "anger",
    "happy": "twinkle",
    "laughing": "twinkle",
    "calm": "note",
    "surprised": "start",
    "smug": "glint",
    "determined": "flame",
    "sleepy": "bubble",
}
"""The manga mark with which an emotion is usually drawn."""
MARKED: Final = 0.3
"""How often a random character has a mark: half of them the usual one, half any."""
HIDDEN_BY_HAT: Final = frozenset({"short", "buns", "spiky"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Character:
    """One character as it is to be drawn.

    ``strength`` runs from 0 (neutral, whatever the emotion) to 1; ``turn`` (yaw, left to right of the
    picture) and ``tilt`` (roll, clockwise) from -1 to 1, small movements all; ``marks`` is the manga mark near the
    head, which says nothing of the face; ``seed`` decides what has no name: strands, folds, clothes' colours, clouds,
    how far this face opens its mouth. Raises ValueError on a word outside the vocabulary,
    a number outside its range, or two accessories on one head.
    """

    person: Person = "girl"
    emotion: Emotion = "happy"
    strength: float = 0.0
    hair_colour: HairColour = "brown"
    hair_style: HairStyle = "long"
    eye_colour: EyeColour = "blue"
    skin: Skin = "light"
    outfit: Outfit = "casual"
    accessories: frozenset[Accessory] = frozenset()
    background: Background = "white"
    gaze: Gaze = "viewer"
    marks: Marks = "none"
    turn: float = 0.0
    tilt: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, words in VOCABULARY.items():
            if getattr(self, name) not in words:
                raise ValueError(f"{name} must be one of {', '.join(words)}, not {getattr(self, name)!r}")
        if unknown := self.accessories - set(ACCESSORIES):
            raise ValueError(f"unknown accessories: {', '.join(sorted(unknown))}")
        if len(self.accessories & ON_HEAD) > 1:
            raise ValueError(f"one head cannot wear {' and '.join(sorted(self.accessories & ON_HEAD))}")
        if not 0 <= self.strength <= 1:
            raise ValueError(f"strength must be from 0 to 1, not {self.strength}")
        if not (-1 <= self.turn <= 1 and -1 <= self.tilt <= 1):
            raise ValueError("turn and tilt must be from -1 to 1")


def sample(rng: random.Random) -> Character:
    """Return a random character: words equally likely but for gaze and marks, 1 in 10 neutral, most emotions clear."""
    words = {name: rng.choice(values) for name, values in VOCABULARY.items() if name not in ("gaze", "marks")}
    accessories = {name for name in ("glasses", "earrings", "scarf") if rng.random() < 0.15}
    if rng.random() < 0.5:
        accessories.add(rng.choice(sorted(ON_HEAD)))
    return Character(
        **words,  # type: ignore[arg-type]  # each value comes from the tuple of its own Literal
        gaze=rng.choice(VOCABULARY["gaze"]) if rng.random() < 0.4 else "viewer",  # type: ignore[arg-type]
        marks=_marks(words["emotion"], rng),
        accessories=frozenset(accessories),  # type: ignore[arg-type]
        strength=0.0 if rng.random() < 0.1 else rng.uniform(0.2, 1.0),
        turn=rng.uniform(-1, 1),
        tilt=rng.uniform(-1, 1),
        seed=rng.getrandbits(32),
    )


def _marks(emotion: str, rng: random.Random) -> Marks:
    """Return no mark, the usual one or any, so that the face never follows from its mark."""
    if rng.random() >= MARKED:
        return "none"
    any_mark: Marks = rng.choice(get_args(Marks)[1:])
    return USUAL_MARK.get(emotion, any_mark) if rng.random() < 0.5 else any_mark


def labels(character: Character) -> dict[str, str | None]:
    """Return what a picture of ``character`` shows, an attribute each; None where it cannot be seen or is not scored.

    Attributes are those of VOCABULARY and, as ``"yes"`` or ``"no"``, each accessory. A face of strength 0 has
    the emotion ``neutral``; between 0 and SCORED_STRENGTH it has none.
    """
    seen: dict[str, str | None] = {name: getattr(character, name) for name in VOCABULARY}
    if character.strength < SCORED_STRENGTH:
        seen["emotion"] = NEUTRAL if character.strength == 0 else None
    if character.strength >= CLOSED_EYES.get(character.emotion, float("inf")):
        seen["eye_colour"] = seen["gaze"] = None
    if "hat" in character.accessories and character.hair_style in HIDDEN_BY_HAT:
        seen["hair_style"] = None
    return seen | {name: "yes" if name in character.accessories else "no" for name in ACCESSORIES}


def split(character: Character) -> Split:
    """Return the part of the data a character belongs to, by a hash of its combination of attributes.

    8 of 10 combinations of emotion, hair, eyes, outfit and background are for training, one each for
    validation and test: a model never trains on a combination that a report asks for.
    """
    names = ("emotion", "hair_colour", "hair_style", "eye_colour", "outfit", "background")
    combination = "/".join(getattr(character, name) for name in names)
    bucket = int.from_bytes(hashlib.sha256(combination.encode()).digest()[:8]) % 10
    return "validation" if bucket == 8 else "test" if bucket == 9 else "train"


def characters(part: Split, seed: int, count: int) -> list[Character]:
    """Return ``count`` random characters of one part of the split, the same for the same seed."""
    rng = random.Random(seed)
    found: list[Character] = []
    while len(found) < count:
        if split(character := sample(rng)) == part:
            found.append(character)
    return found
