"""What a folder's catalogue offers: its LoRAs by name, with what is known of each; none of it is trusted."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files.bases import Base
from animegen.lora_files.folders import inside
from animegen.lora_files.inspection import Refusal
from animegen.lora_files.weights import Cause, clipped, refusing
from animegen.prompts.styles import styles
from animegen.tasks import Lora

FILE: Final = "catalogue.toml"
MOST: Final = 1 << 20
"""Bytes that are read of a catalogue."""
Role = Literal["", "lcm"]
"""Who puts a LoRA on: nobody but the person who names it, or the sampler LCM (then it is no choice of a person's)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """A LoRA that a request can name.

    ``bases`` are the names of the models whose layers take it, ``label`` says them in words; ``weight`` is what its
    maker advises; a ``role`` says what puts it on by itself, a ``style`` which choice of a style does. It lies at
    ``path``, or in a ``repository`` of the Hub, there in ``file`` if that is named, with this ``sha256`` where the
    catalogue says one.
    """

    name: str
    label: str
    bases: tuple[str, ...]
    triggers: tuple[str, ...] = ()
    weight: float = 1.0
    licence: str = ""
    path: Path | None = None
    repository: str = ""
    file: str = ""
    sha256: str = ""
    role: Role = ""
    style: str = ""


def read(folder: Path, known: Mapping[str, Base]) -> tuple[list[Offer], list[Refusal]]:
    """Return what a folder's catalogue offers for the ``known`` bases, row by row, and what of it makes no sense."""
    path, offers, refusals = folder / FILE, list[Offer](), list[Refusal]()
    try:
        with refusing(path):
            rows = _rows(path) if path.is_file() else {}
    except AdapterRefused as refusal:
        return [], [Refusal(file=str(path), refused=refusal.message)]
    for name, row in rows.items():
        try:
            with refusing(path):
                offers.append(_listed(folder, name, row, known))
        except AdapterRefused as refusal:
            refusals.append(Refusal(file=str(path), refused=refusal.message))
    return offers, refusals


def _rows(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.loads(file.read(MOST).decode())
    except (ValueError, RecursionError):
        raise Cause("lora_files.catalogue_not_toml") from None


def _listed(folder: Path, name: str, row: Any, known: Mapping[str, Base]) -> Offer:
    """Return what a row of a catalogue offers. Raises Cause."""
    remote = isinstance(row, dict) and "repository" in row
    if not _sound(name, row, known):
        raise Cause("lora_files.catalogue_row", name=clipped(name))
    if not remote and not inside(folder / row["file"], folder):
        raise Cause("lora_files.catalogue_outside", name=name)
    return Offer(
        name=name,
        label=known[row["base"]].label,
        bases=(row["base"],),
        triggers=tuple(row["trigger"]),
        weight=row["weight"],
        licence=row["licence"],
        path=None if remote else folder / row["file"],
        repository=row.get("repository", ""),
        file=row.get("file", "") if remote else "",
        sha256=row.get("sha256", ""),
        role=row.get("role", ""),
        style=row.get("style", ""),
    )


def _sound(name: str, row: Any, known: Mapping[str, Base]) -> bool:
    """Say whether a row has what an offer needs, each of its type."""
    if not isinstance(row, dict) or not {"base", "trigger", "weight", "licence"} <= row.keys():
        return False
    texts = [name, row["base"], row["licence"], *row["trigger"]] if isinstance(row["trigger"], list) else [None]
    texts += [row[key] for key in ("file", "repository", "sha256") if key in row]
    if not all(isinstance(text, str) for text in texts) or not row.keys() & {"file", "repository"}:
        return False
    try:
        lora = Lora(name, row["weight"])
    except InvalidRequest:
        return False
    named = row.get("role", "") in get_args(Role) and row.get("style", "") in ("", *styles())
    return lora.weight is not None and row["base"] in known and named
