"""Everything that a visitor can be told by the floors below has its Japanese."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from animegen.ui.texts import translate

ROOT = Path(__file__).parents[2] / "animegen"
ROOMS = (
    "tasks",
    "studio.py",
    "images.py",
    "metadata.py",
    "sources.py",
    "films.py",
    "sprites.py",
    "infotext",
    "lora_files/offers.py",
    "prompts",
    "models",
    "pipelines",
)
ERRORS = {"AdapterRefused", "InvalidRequest", "ModelUnavailable", "DrawingFailed"}


def sources() -> Iterator[Path]:
    for room in ROOMS:
        path = ROOT / room
        yield from path.rglob("*.py") if path.is_dir() else [path]


def messages(path: Path) -> Iterator[str]:
    """Yield the sentences of the errors that a module makes, with an x for whatever is filled in."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
            match node.args[0]:
                case ast.Constant(value=str(text)):
                    yield text
                case ast.JoinedStr(values=parts):
                    yield "".join(part.value if isinstance(part, ast.Constant) else "x" for part in parts)


SENTENCES = sorted({message for path in sources() for message in messages(path)})


@pytest.mark.parametrize("sentence", SENTENCES)
def test_an_error_has_its_japanese(sentence: str) -> None:
    assert translate(sentence, "ja") != sentence


@pytest.mark.parametrize(
    "why",
    [
        "owner/lcm is not on this machine, and the Hub cannot be reached; look at the network, and try again.",
        "The Hub shows you no repository owner/lcm; look at the name, or log in with `hf auth login` if it is private.",
        "The Hub cannot send owner/lcm now (it answers 503); try again later.",
    ],
)
def test_what_keeps_an_lcm_lora_away_is_told_in_japanese_with_what_to_do(why: str) -> None:
    told = f"Draw with the preset balanced for now and without LCM, whose LoRA cannot be had: {why}"
    assert translate(told, "ja").endswith(f"LCM を使わず「標準」で描いてください。理由：{translate(why, 'ja')}")
    assert translate(why, "ja") != why


def test_what_is_told_of_the_negative_prompt_has_its_japanese() -> None:
    told = "At a guidance scale of 1 or less the negative prompt does nothing."
    assert translate(told, "ja") == "ガイダンスが 1 以下のため、ネガティブプロンプトは効きません。"
