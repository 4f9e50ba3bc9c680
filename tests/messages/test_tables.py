"""The tables: every sentence in both languages with the same values, each used, and no English in the Japanese."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import animegen
from animegen.messages import LANGUAGES, table

PACKAGE = Path(animegen.__file__).parent
IDS = sorted(table())
ROOMS = {key.partition(".")[0] for key in IDS}
LABELS = ("fields.", "page.")
"""Labels whose ids are put together from the names of fields and controls; other tests hold them to those."""
NAMES = {
    *("animegen", "safetensors", "pickle", "diffusers", "kohya", "cloneofsimo", "lora", "onnxruntime", "embedding"),
    *("bfloat", "float", "true", "false", "lineart", "edges", "photo", "sketch", "auto", "fit", "crop", "pad"),
    *("none", "gif", "webp", "mp", "zip", "png", "fast", "balanced", "quality", "draft", "standard", "high"),
    *("bob", "twintails", "pink", "silver", "hoodie", "kimono", "neutral", "name", "validation", "split", "card"),
    *("girl", "blue", "hair", "smile", "cat", "ears", "eyes", "night", "sky", "gradio", "api", "info", "session"),
    *("hash", "weights", "catalogue", "toml", "out", "seed", "from", "model"),
}
"""What a Japanese sentence names as it is written: names of programs and formats, choices, options, tags."""


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def english(text: str) -> set[str]:
    """Return the ordinary Latin words of a sentence: none in code, in a value or in an address."""
    plain = re.sub(r"`[^`]*`|\{[^}]*\}|https?:\S+|/\S+", " ", text)
    return set(re.findall(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])", plain))


def literals() -> Iterator[tuple[str, str]]:
    """Yield every string of the package that reads as an id, with the file that it stands in."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                room, dot, key = node.value.partition(".")
                if dot and room in ROOMS and re.fullmatch(r"[a-z0-9_]+", key) and not (PACKAGE / room / key).exists():
                    yield node.value, path.name


@pytest.mark.parametrize("key", IDS)
def test_a_sentence_is_there_in_both_languages(key: str) -> None:
    assert set(table()[key]) == set(LANGUAGES)
    assert all(text.strip() for text in table()[key].values())


@pytest.mark.parametrize("key", IDS)
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    assert names(table()[key]["en"]) == names(table()[key]["ja"])


@pytest.mark.parametrize("key", IDS)
def test_no_english_word_stands_in_a_japanese_sentence(key: str) -> None:
    assert english(table()[key]["ja"]) - NAMES == set()


def test_every_id_in_the_source_is_in_a_table() -> None:
    endings = (".toml", ".py", ".md", ".json", "_")  # "_": the rest of the id is put together
    assert sorted({(key, file) for key, file in literals() if key not in table() and not key.endswith(endings)}) == []
