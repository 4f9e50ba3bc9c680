"""A file's keys, sorted by the modules that they belong to; weights that are no plain LoRA are known by their keys."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from animegen.lora_files.bases import Names, Part
from animegen.lora_files.key_names import Format, Role, slot
from animegen.lora_files.weights import Cause, clipped

Place = tuple[Part, str]
Keys = Mapping[Place, Mapping[Role, str]]
BUNDLED: Final = "bundle_emb."
"""What the keys of an embedding begin with that comes in one file with a LoRA."""


def grouped(keys: Iterable[str], form: Format, names: Names) -> Keys:
    """Return the keys of each module by what they hold, those of bundled embeddings left out.

    Raises Cause for an unknown key, and for two keys of the same tensor.
    """
    modules: dict[Place, dict[Role, str]] = {}
    strange = []
    for key in keys:
        if (found := slot(form, key, names)) is None:
            strange.append(key)
        elif modules.setdefault((found.part, found.path), {}).setdefault(found.role, key) != key:
            raise Cause("lora_files.duplicate_module", path=found.path)
    if modules:
        strange = [key for key in strange if not key.startswith(BUNDLED)]
    if strange:
        raise _unknown(strange)
    if not modules:
        raise Cause("lora_files.no_tensors")
    return modules


def embeddings(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the embeddings that are bundled with a LoRA."""
    return tuple(dict.fromkeys(key.split(".")[1] for key in keys if key.startswith(BUNDLED)))


def _unknown(keys: Sequence[str]) -> Cause:
    """Return why keys are no plain LoRA's: the first kind of other weights of which one has a mark."""
    for kind, marks in strangers().items():
        if any(mark in key for key in keys for mark in marks):
            return Cause(f"lora_files.{kind}")
    return Cause("lora_files.unknown_keys", count=len(keys), key=clipped(keys[0]))


@cache
def strangers() -> Mapping[str, Sequence[str]]:
    """Return the kinds of weights that are no plain LoRA, by the id of the message about them: marks in their keys."""
    return tomllib.loads(files(__package__).joinpath("strangers.toml").read_text(encoding="utf-8"))
