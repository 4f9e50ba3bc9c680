"""Adapters with random numbers for a base's layers, and safetensors files put together byte by byte."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Base, Module, bases, read
from animegen.lora_files.bases import PARTS
from animegen.lora_files.keys import Place

NAME = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k"
DOWN, UP = f"{NAME}.lora_A.weight", f"{NAME}.lora_B.weight"
GOOD = {DOWN: np.ones((2, 768), np.float32), UP: np.ones((1280, 2), np.float32)}
"""The tensors of a LoRA of one layer of Stable Diffusion 1.x."""


class Trap:
    """What an attacker puts into a pickle: a function that runs when it is opened."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was opened",))


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused, and hold it to the house's form."""
    with pytest.raises(AdapterRefused) as caught:
        read(path)
    sentence = str(caught.value)
    assert sentence.startswith(path.name)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert str(path.parent) not in sentence
    return sentence


def places(base: Base) -> list[Place]:
    """Every layer that a LoRA can be put on."""
    return [(part, path) for part in PARTS for path in base.layers[part]]


def kohya_targets(base: Base) -> list[Place]:
    """What kohya's trainer takes by default: all inside the UNet's attentions, and the text encoder's layers."""
    return [place for place in places(base) if place[0] == "text_encoder" or ".attentions." in place[1]]


def module(base: Base, place: Place, rank: int = 4, alpha: float = 1.0, dtype: Any = np.float32) -> Module:
    """A module whose numbers depend on its place alone."""
    part, path = place
    layer = base.layers[part][path]
    rng = np.random.default_rng(sum(map(ord, path)))
    ones = (1, 1) if len(layer) == 4 else ()
    down = rng.standard_normal((rank, *layer[1:])).astype(dtype)
    up = rng.standard_normal((layer[0], rank, *ones)).astype(dtype)
    return Module(part=part, path=path, down=down, up=up, alpha=alpha)


def adapter(base: str | Base = "chibi", at: Iterable[Place] | None = None, **how: Any) -> Adapter:
    """A LoRA on some layers of a base; on a query and a text encoder's layer where none are named."""
    chosen = bases()[base] if isinstance(base, str) else base
    at = at or [next(each for each in places(chosen) if each[1].endswith("attn2.to_k")), places(chosen)[-1]]
    return Adapter(modules=tuple(module(chosen, place, **how) for place in sorted(at)), bases=(chosen.name,))


def same(one: Adapter, other: Adapter) -> bool:
    """Say whether two adapters are equal to the bit: the same modules with the same factors, types and alphas."""
    return len(one.modules) == len(other.modules) and all(
        (a.part, a.path, a.alpha, a.down.dtype, a.up.dtype) == (b.part, b.path, b.alpha, b.down.dtype, b.up.dtype)
        and (a.down.shape, a.up.shape) == (b.down.shape, b.up.shape)
        and (a.down.tobytes(), a.up.tobytes()) == (b.down.tobytes(), b.up.tobytes())
        for a, b in zip(one.modules, other.modules, strict=True)
    )


def write_raw(path: Path, header: str | bytes | dict[str, Any], data: bytes = b"", length: int | None = None) -> Path:
    """Write a file with any header and any data after it, and a length of one's own choice before it."""
    header = json.dumps(header) if isinstance(header, dict) else header
    raw = header.encode() if isinstance(header, str) else header
    path.write_bytes((len(raw) if length is None else length).to_bytes(8, "little") + raw + data)
    return path
