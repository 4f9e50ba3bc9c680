"""The card of the weights folder: every figure in it comes from the record of the build."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from animegen.chibi.character import ACCESSORIES, VOCABULARY


def render(record: Mapping[str, Any]) -> str:
    """Return the card of a build as markdown."""
    machine = record["machine"]
    return (
        Path(__file__)
        .with_name("card.md")
        .read_text(encoding="utf-8")
        .format(
            parts=_rows("part", "parameters", {name: f"{count:,}" for name, count in record["parameters"].items()}),
            machine=f"{machine['device']} ({machine['processor']}, {machine['threads']} threads)",
            vocabulary=_rows("attribute", "words", {**_words(VOCABULARY), "accessories": _joined(ACCESSORIES)}),
            held_out=record["held_out_renders"],
            figures=_figures(record),
        )
    )


def _figures(record: Mapping[str, Any]) -> str:
    drawn, rebuilt = record["judge_accuracy"], record["judge_accuracy_on_reconstructions"]
    lines = ["| attribute | judge reads renders | judge reads reconstructions |", "|---|---|---|"]
    lines += [f"| {name} | {drawn[name]:.1%} | {rebuilt[name]:.1%} |" for name in drawn]
    return "\n".join(
        [*lines, "", f"The autoencoder's reconstructions have {record['autoencoder_psnr_db']:.2f} dB PSNR."]
    )


def _words(table: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name.replace("_", " "): _joined(words) for name, words in table.items()}


def _joined(words: tuple[str, ...]) -> str:
    return ", ".join(word.replace("_", " ") for word in words)


def _rows(left: str, right: str, pairs: Mapping[str, str]) -> str:
    return "\n".join([f"| {left} | {right} |", "|---|---|", *(f"| {key} | {value} |" for key, value in pairs.items())])
