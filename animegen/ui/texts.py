"""The page's texts: the browser translates labels, Python writes sentences in the visitor's language."""

import re
from collections.abc import Mapping
from typing import Final

import gradio as gr
from gradio.i18n import I18nData

from animegen.messages import LANGUAGES, Language, message, render, table
from animegen.tasks import TASKS, fields

Bilingual = Mapping[Language, str]

PREFIX: Final = "page."
_PREFERENCE = re.compile(r"\s*([a-zA-Z*]+)[^;,]*(?:;\s*q=([0-9.]+))?")


def text(key: str) -> I18nData:
    """Return a text of the page as a label that the browser translates."""
    return I18nData(key)


def both(key: str) -> Bilingual:
    """Return a text of the page in both languages, for a script to choose from."""
    return table()[PREFIX + key]


def say(key: str, language: Language, **values: object) -> str:
    """Return a text of the page in one language, with its values filled in."""
    return render(message(PREFIX + key, **values), language)


def language_of(request: gr.Request | None) -> Language:
    """Return the language that a visitor's browser prefers; English for scripts and for everyone else."""
    header = request.headers.get("accept-language", "") if request else ""
    parts = [_PREFERENCE.match(part) for part in header.split(",")[:20]]
    weights = {part[1].lower(): _weight(part[2]) for part in reversed(parts) if part}
    return max(LANGUAGES, key=lambda language: weights.get(language, 0.0))


def internationalisation(more: Mapping[str, Bilingual]) -> gr.I18n:
    """Return the labels for the browser: the fields', the page's own, and ``more`` of tables."""
    own = {name.removeprefix(PREFIX): row for name, row in table().items() if name.startswith(PREFIX)}
    every = {**_field_labels(), **own, **more}
    return gr.I18n(**{each: {key: row[each] for key, row in every.items()} for each in LANGUAGES})


def _field_labels() -> dict[str, Bilingual]:
    """Return the label of every field's control by the field's name."""
    labels = {field.name: field.control_label for task in TASKS for field in fields(task)}
    return {name: {each: render(label, each) for each in LANGUAGES} for name, label in labels.items()}


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0
