"""What the page says, in English and Japanese: the browser translates labels, Python the sentences it makes."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

import gradio as gr

Language = Literal["en", "ja"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
Bilingual = Mapping[Language, str]

_PREFERENCE = re.compile(r"\s*([a-zA-Z*]+)[^;,]*(?:;\s*q=([0-9.]+))?")


@cache
def table() -> Mapping[str, Bilingual]:
    """Return every text of the page by its key."""
    tables: Mapping[str, Bilingual] = tomllib.loads(_file("texts.toml"))
    return tables


@cache
def _sentences() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the English sentences of the floors below as patterns, with what they are in Japanese."""
    entries = tomllib.loads(_file("sentences.toml"))["sentence"]
    return tuple((_pattern(entry["en"]), entry["ja"]) for entry in entries)


def language(request: gr.Request | None) -> Language:
    """Return the language that a visitor's browser prefers; English for scripts and for everyone else."""
    header = request.headers.get("accept-language", "") if request else ""
    wishes = [_PREFERENCE.match(part) for part in header.split(",")[:20]]
    wanted = {wish[1].lower(): _weight(wish[2]) for wish in reversed(wishes) if wish}
    return max(LANGUAGES, key=lambda tongue: wanted.get(tongue, 0.0))


def say(key: str, tongue: Language, **values: object) -> str:
    """Return one text of the table in one language, with its names filled in."""
    return table()[key][tongue].format(**values)


def translate(sentence: str, tongue: Language) -> str:
    """Return a sentence of the studio in the visitor's language, or as it is where the table does not have it."""
    if tongue == "ja":
        for pattern, japanese in _sentences():
            if found := pattern.fullmatch(sentence):
                return japanese.format(**{name: translate(part, "ja") for name, part in found.groupdict().items()})
    return sentence


def internationalisation(more: Mapping[str, Bilingual]) -> gr.I18n:
    """Return the labels for the browser: the table, and ``more`` of them (emotions, styles and their like)."""
    both = {**table(), **more}
    return gr.I18n(**{tongue: {key: text[tongue] for key, text in both.items()} for tongue in LANGUAGES})


def _pattern(sentence: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", sentence)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if place % 2 else re.escape(part) for place, part in enumerate(parts)), re.DOTALL
    )


def _weight(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
