"""Everything that a visitor can be told by the floors below has its Japanese."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from animegen.lora_files.keys import strangers
from animegen.lora_files.weights import STRANGERS
from animegen.pictures.sprites import reserved
from animegen.ui.translation import translate

ROOT = Path(__file__).parents[2] / "animegen"
ROOMS = ("tasks", "studio", "pictures", "lora_files", "prompts", "models", "pipelines")
ERRORS = {"Unfit", "AdapterRefused", "InvalidRequest", "ModelUnavailable", "DrawingFailed"}
NOTING = (
    *("tasks", "studio", "prompts", "pipelines"),
    *("pictures/sources.py", "pictures/colours.py", "pictures/edges.py", "pictures/infotext"),
    "lora_files/reader.py",
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
    """Yield the sentences of the errors that a module makes; those of a Cause have the name of a file before them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and text(*node.args[:1] or [None]):
            if node.func.id in ERRORS:
                yield text(node.args[0])
            elif node.func.id == "Cause":
                yield f"x.safetensors {text(node.args[0])}"


def notes(path: Path) -> Iterator[str]:
    """Yield the sentences that a module yields or collects, or holds as constants."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Yield(value=said) | ast.Call(func=ast.Attribute(attr="append"), args=[said]):
                if text(said).endswith((".", ": x")):
                    yield text(said)
            case ast.AnnAssign(value=ast.Constant(value=str(said))) if said.endswith("."):
                yield said


SENTENCES = sorted({message for path in sources() for message in messages(path)} - {"x x"})  # a name before a Cause
NOTES = sorted({note for path in sources(NOTING) for note in notes(path)})
DISK = "cannot be read: Permission denied; check the file and its rights."
BEGINNINGS = [f"x.safetensors {words}" for words in (*(words for _, words in STRANGERS), DISK)]
KINDS = [
    f"x.safetensors cannot be read here: it {kind['is']}; {kind.get('do', 'get a plain LoRA')}." for kind in strangers()
]


@pytest.mark.parametrize("sentence", [*SENTENCES, *NOTES, *BEGINNINGS, *KINDS])
def test_a_sentence_has_its_japanese(sentence: str) -> None:
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


@pytest.mark.parametrize("sentence", [*BEGINNINGS, *KINDS])
def test_of_the_japanese_of_a_refused_file_nothing_stays_english(sentence: str) -> None:
    assert not re.search(
        r"[a-z] [a-z]+ [a-z]", translate(sentence, "ja").replace("git lfs pull", "").replace("Permission denied", "")
    )


@pytest.mark.parametrize("reason", [*dict.fromkeys(reserved().values()), "a device of Windows"])
def test_why_a_character_cannot_have_a_name_is_told_in_japanese_to_the_end(reason: str) -> None:
    said = f"The character cannot be called 'init', which is {reason}; choose another name."
    assert not re.search(r"[a-z] [a-z]", translate(said, "ja"))


def test_why_nothing_was_cut_out_is_told_in_japanese_to_the_end() -> None:
    why = "skytnt/anime-seg cannot be used: it is damaged; run `animegen models pull` to download it anew."
    assert translate(f"Nothing was cut out: {why}", "ja") == (
        "切り抜けませんでした：skytnt/anime-seg は使えません：ファイルが壊れています。"
        "`animegen models pull` で取得し直してください。"
    )
