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


def constants(path: Path) -> Iterator[str]:
    """Yield the sentences that a module holds as constants."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.AnnAssign(value=ast.Constant(value=str(text))) if text.endswith("."):
                yield text


SENTENCES = sorted({message for path in sources() for message in messages(path)})
NOTES = sorted({note for path in sources() for note in constants(path)})


@pytest.mark.parametrize("sentence", SENTENCES)
def test_an_error_has_its_japanese(sentence: str) -> None:
    assert translate(sentence, "ja") != sentence


@pytest.mark.parametrize("note", NOTES)
def test_a_note_has_its_japanese(note: str) -> None:
    assert translate(note, "ja") != note


def test_why_nothing_was_cut_out_is_told_in_japanese_to_the_end() -> None:
    why = "skytnt/anime-seg cannot be used: it is damaged; run `animegen models pull` to download it anew."
    assert translate(f"Nothing was cut out: {why}", "ja") == (
        "切り抜けませんでした：skytnt/anime-seg は使えません：ファイルが壊れています。"
        "`animegen models pull` で取得し直してください。"
    )
