"""What the pickers offer: the prompts' tables as choices, whose labels the browser translates."""

from collections.abc import Iterator
from itertools import chain
from typing import Final, Literal, get_args

from gradio.i18n import I18nData

from animegen.models.table import ModelRow
from animegen.prompts.emotions import Emotion, emotions
from animegen.prompts.presets import Preset, presets
from animegen.prompts.quality import Quality, qualities
from animegen.prompts.styles import Style, styles
from animegen.ui.texts import Bilingual, say

Kind = Literal["emotion", "style", "preset", "quality"]
KINDS: Final = frozenset(get_args(Kind))
Choices = list[tuple[str | I18nData, str]]


def choices(kind: Kind) -> Choices:
    """Return what the picker of one kind offers: labels for the browser, and the names that tasks use."""
    return [(I18nData(_key(kind, name)), name) for name in _rows()[kind]]


def labels(model: ModelRow) -> dict[str, Bilingual]:
    """Return the text of every choice by its key; a style that the model cannot draw says so."""
    pairs = chain.from_iterable(_labels(kind, model) for kind in _rows())
    return dict(pairs)


def names(kind: Kind) -> frozenset[str]:
    """Return the names that a picker offers."""
    return frozenset(_rows()[kind])


def _labels(kind: Kind, model: ModelRow) -> Iterator[tuple[str, Bilingual]]:
    for name, row in _rows()[kind].items():
        text: dict[Literal["en", "ja"], str] = {"en": row.label, "ja": row.label_ja}
        if isinstance(row, Style) and model.family not in row.families:
            text = {"en": say("unavailable", "en", label=row.label), "ja": say("unavailable", "ja", label=row.label_ja)}
        yield _key(kind, name), text


def _rows() -> dict[Kind, dict[str, Emotion] | dict[str, Style] | dict[str, Preset] | dict[str, Quality]]:
    return {
        "emotion": dict(emotions()),
        "style": dict(styles()),
        "preset": dict(presets()),
        "quality": dict(qualities()),
    }


def _key(kind: Kind, name: str) -> str:
    return f"{kind}_is_{name}"
