"""The tables of sentences, and a message written out in one language."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from animegen.messages.message import Message, Text

Language = Literal["en", "ja"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)


@cache
def table() -> Mapping[str, Mapping[Language, str]]:
    """Return every sentence in both languages, by its id."""
    found: dict[str, Mapping[Language, str]] = {}
    for file in files(__package__).iterdir():
        if file.name.endswith(".toml"):
            room = file.name.removesuffix(".toml")
            rows = tomllib.loads(file.read_text(encoding="utf-8"))
            found |= {f"{room}.{key}": row for key, row in rows.items()}
    return found


def render(text: Text, language: Language = "en") -> str:
    """Return a message as a sentence in a language; text that is no message is the same in all of them.

    Raises KeyError for an id that no table has, and for a value that its sentence lacks.
    """
    if isinstance(text, str):
        return text
    values = {name: _shown(value, language) for name, value in text.values}
    return table()[text.id][language].format(**values)


def _shown(value: Any, language: Language) -> Any:
    """Return a value as ``format`` takes it: messages as sentences, tuples as lists."""
    if isinstance(value, Message):
        return render(value, language)
    if isinstance(value, tuple):
        return ", ".join(str(_shown(each, language)) for each in value)
    return value
