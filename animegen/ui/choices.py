"""What the pickers offer: the prompts' tables as choices, whose labels the browser translates."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, Protocol, get_args

from gradio.i18n import I18nData

from animegen.errors import InvalidRequest
from animegen.prompts.appearance import features
from animegen.prompts.emotions import emotions
from animegen.prompts.presets import presets
from animegen.prompts.quality import qualities
from animegen.prompts.styles import drawable, styles
from animegen.studio.protocol import StudioProtocol
from animegen.ui.texts import Bilingual

Kind = Literal["emotion", "hair_style", "hair_colour", "outfit", "style", "preset", "quality"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
Choices = list[tuple[str | I18nData, str]]


class Row(Protocol):
    """What a row of any of the tables has."""

    @property
    def label(self) -> str:
        """What people call it in English."""
        ...

    @property
    def label_ja(self) -> str:
        """What people call it in Japanese."""
        ...


def choices(kind: Kind) -> Choices:
    """Return what the picker of one kind offers: labels for the browser, and the names that tasks use."""
    return [(I18nData(_key(kind, name)), name) for name in _rows(kind)]


def labels() -> dict[str, Bilingual]:
    """Return the text of every choice by its key."""
    return {
        _key(kind, name): {"en": row.label, "ja": row.label_ja} for kind in KINDS for name, row in _rows(kind).items()
    }


def names(kind: Kind) -> tuple[str, ...]:
    """Return the names that a picker offers, in their order."""
    return tuple(_rows(kind))


def drawable_styles(studio: StudioProtocol) -> tuple[str, ...]:
    """Return the names of the styles that a studio can draw now, by its model's words or by a LoRA."""
    return drawable(studio.row.family, studio.offers.styles(studio.row.lora_base))


def joined(emotions: Any, order: Sequence[str] = ()) -> Any:
    """Return emotions as tasks take them: what a visitor has clicked as a text, anything else as it is.

    They come in the ``order`` of a list, where one is given, and else in that of the clicks.
    Raises InvalidRequest when none is chosen.
    """
    if not isinstance(emotions, list | tuple):
        return emotions
    if not emotions:
        raise InvalidRequest("page.choose_emotion")
    return ",".join(sorted(map(str, emotions), key=lambda name: order.index(name) if name in order else len(order)))


def _rows(kind: Kind) -> Mapping[str, Row]:
    match kind:
        case "emotion":
            return emotions()
        case "style":
            return styles()
        case "preset":
            return presets()
        case "quality":
            return qualities()
        case _:
            return features(kind)


def _key(kind: Kind, name: str) -> str:
    return f"{kind}_is_{name}"
