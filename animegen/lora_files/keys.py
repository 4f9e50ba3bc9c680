"""A file's keys, sorted by the modules that they belong to; weights that are no plain LoRA are known by their keys."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from animegen.lora_files.bases import Names, Part
from animegen.lora_files.key_names import Format, Role, slot
from animegen.lora_files.weights import Cause, clipped

Place = tuple[Part, str]
Keys = Mapping[Place, Mapping[Role, str]]
BUNDLED: Final = "bundle_emb."
"""What the keys of an embedding begin with that comes in one file with a LoRA."""


def grouped(keys: Iterable[str], form: Format, names: Names) -> Keys:
    """Return the keys of each module by what they hold, those of bundled embeddings left out.

    Raises Cause where one has no meaning, or two have one.
    """
    modules: dict[Place, dict[Role, str]] = {}
    strange = []
    for key in keys:
        if (found := slot(form, key, names)) is None:
            strange.append(key)
        elif modules.setdefault((found.part, found.path), {}).setdefault(found.role, key) != key:
            raise Cause(f"has '{found.path}' twice under two names; get it from its maker again.")
    if modules:
        strange = [key for key in strange if not key.startswith(BUNDLED)]
    if strange:
        raise Cause(_named(strange))
    if not modules:
        raise Cause("holds no tensors at all; get it from its maker again.")
    return modules


def embeddings(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the embeddings that are bundled with a LoRA."""
    return tuple(dict.fromkeys(key.split(".")[1] for key in keys if key.startswith(BUNDLED)))


def _named(keys: Sequence[str]) -> str:
    """Return what to say of keys that are no LoRA's here, by the first kind that one of them speaks for."""
    for kind in strangers():
        if any(mark in key for key in keys for mark in kind["marks"]):
            return f"cannot be read here: it {kind['is']}; {kind.get('do', 'get a plain LoRA')}."
    return (
        f"has {len(keys)} tensors that belong to no layer known here, '{clipped(keys[0])}' first;"
        " get a LoRA for a model that draws here."
    )


@cache
def strangers() -> Sequence[Mapping[str, Any]]:
    """Return the kinds of weights that are known and no plain LoRA: marks in their keys, what they are, what to do."""
    table = files(__package__).joinpath("strangers.toml").read_text(encoding="utf-8")
    kinds: Sequence[Mapping[str, Any]] = tomllib.loads(table)["kind"]
    return kinds
