"""Everything that a visitor can be told by the floors below has its Japanese."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from animegen.messages import table
from animegen.ui.translation import translate

ROOT = Path(__file__).parents[2] / "animegen"
ROOMS = ("tasks", "studio", "pictures/infotext", "prompts", "models", "pipelines")
ERRORS = {"Unfit", "AdapterRefused", "InvalidRequest", "ModelUnavailable", "DrawingFailed"}
NOTING = (
    *("tasks", "studio", "prompts", "pipelines"),
    "pictures/infotext",
)
"""Where sentences are made that stand beside a picture."""


def sources(rooms: Iterable[str] = ROOMS) -> Iterator[Path]:
    for room in rooms:
        path = ROOT / room
        yield from path.rglob("*.py") if path.is_dir() else [path]


def text(node: ast.expr | None) -> str:
    """Return what a string says, with an x for whatever is filled in; nothing of what is no string."""
    match node:
        case ast.Constant(value=str(said)):
            return said
        case ast.JoinedStr(values=parts):
            return "".join(text(part) or "x" for part in parts)
    return ""


def messages(path: Path) -> Iterator[str]:
    """Yield the sentences of the errors that a module makes; one without a space is an id of the new tables."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        error = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS
        if error and " " in (said := text(*node.args[:1] or [None])):
            yield said


def notes(path: Path) -> Iterator[str]:
    """Yield the sentences that a module yields or collects, or holds as constants."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Yield(value=said) | ast.Call(func=ast.Attribute(attr="append"), args=[said]):
                if text(said).endswith((".", ": x")):
                    yield text(said)
            case ast.AnnAssign(value=ast.Constant(value=str(said))) if said.endswith("."):
                yield said


SENTENCES = sorted({each for path in sources() for each in messages(path)} - {"x x", *table()})  # a name before a Cause
NOTES = sorted({note for path in sources(NOTING) for note in notes(path)})


@pytest.mark.parametrize("sentence", [*SENTENCES, *NOTES])
def test_a_sentence_has_its_japanese(sentence: str) -> None:
    assert translate(sentence, "ja") != sentence


def test_what_is_told_of_the_negative_prompt_has_its_japanese() -> None:
    told = "At a guidance scale of 1 or less the negative prompt does nothing."
    assert translate(told, "ja") == "ガイダンスが 1 以下のため、ネガティブプロンプトは効きません。"
