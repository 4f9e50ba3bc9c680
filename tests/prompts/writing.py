"""Prompts written by the template writer, with words for tokens."""

from collections.abc import Iterable, Mapping
from typing import Any

from animegen.prompts.brief import Brief
from animegen.prompts.prompt import Prompt, Word
from animegen.prompts.writer import TemplateWriter


def count(text: str) -> int:
    return len(text.replace(",", " ").split())


def write(
    prompt: str = "1girl, blue hair",
    family: str = "general",
    limit: int = 75,
    triggers: Mapping[str, Iterable[str]] | None = None,
    **fields: Any,
) -> Prompt:
    writer = TemplateWriter(family=family, count=count, limit=limit, triggers=triggers or {})
    return writer.write(Brief(prompt=prompt, **fields))


def texts(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words]


def notes(prompt: Prompt) -> list[str]:
    """Return the ids of a prompt's notes without their room."""
    return [note.id.removeprefix("prompts.") for note in prompt.notes]
