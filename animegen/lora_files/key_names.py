"""What the keys of a LoRA file mean: each format's names for a module and for what is stored of it.

The formats: kohya's sd-scripts (``networks/lora.py``), diffusers' ``load_lora_weights`` with the names that its older
versions wrote, and PEFT's ``save_pretrained``.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from animegen.lora_files.bases import PARTS, Names, Part

Role = Literal["down", "mid", "up", "alpha"]


class Format(StrEnum):
    """The formats that are read."""

    KOHYA = "kohya"
    DIFFUSERS = "diffusers"
    DIFFUSERS_OLD = "diffusers (old names)"
    PEFT = "PEFT"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a tensor is: one of a module's two factors, its alpha, or the core between them (LyCORIS' ``lora_mid``)."""

    part: Part
    path: str
    role: Role


KOHYA_PARTS: Final[Mapping[str, Part]] = {
    "lora_unet_": "unet",
    "lora_te_": "text_encoder",
    "lora_te1_": "text_encoder",  # diffusers' own writer
}
PEFT_PREFIX: Final = "base_model.model."
_KOHYA: Final = re.compile(r"(lora_unet_|lora_te1?_)(\w+)\.(lora_(?:down|mid|up)\.weight|alpha)")
_LETTERS: Final = re.compile(r"(?P<path>[\w.]+)\.lora_(?P<role>[AB])(\.default)?\.weight")
_WORDS: Final = re.compile(r"(?P<path>[\w.]+?)(_lora|\.lora|\.lora_linear_layer)\.(?P<role>down|up)\.weight")
_ROLES: Final[Mapping[str, Role]] = {
    **dict.fromkeys(("A", "down", "lora_down.weight"), "down"),
    **dict.fromkeys(("B", "up", "lora_up.weight"), "up"),
    "lora_mid.weight": "mid",
    "alpha": "alpha",
}
_RENAMED: Final = {"to_q": "q_proj", "to_k": "k_proj", "to_v": "v_proj", "to_out": "out_proj"}
"""What old diffusers files call the layers of a text encoder's attention."""


def format_of(keys: Collection[str]) -> Format:
    """Return the format that a file's keys are written in; diffusers' where nothing speaks for another.

    Its old names are those of attention processors; ``lora.down`` and ``lora_linear_layer.down`` are still written
    (``convert_state_dict_to_diffusers`` of 0.42).
    """
    if any(key.startswith(tuple(KOHYA_PARTS)) for key in keys):
        return Format.KOHYA
    if any(key.startswith(PEFT_PREFIX) for key in keys):
        return Format.PEFT
    return Format.DIFFUSERS_OLD if any("_lora." in key for key in keys) else Format.DIFFUSERS


def slot(form: Format, key: str, names: Names) -> Slot | None:
    """Return what a key stands for, None where the format has no such name or no base such a layer."""
    if form is Format.KOHYA:
        return _kohya(key, names)
    prefix = PEFT_PREFIX if form is Format.PEFT else ""
    return _dotted(key.removeprefix(prefix), names) if key.startswith(prefix) else None


def kohya_name(part: Part, path: str) -> str:
    """Return what kohya's files call a module."""
    prefix = "lora_unet_" if part == "unet" else "lora_te_text_model_"
    return prefix + path.replace(".", "_")


def diffusers_name(part: Part, path: str) -> str:
    """Return what diffusers' files call a module."""
    return f"unet.{path}" if part == "unet" else f"text_encoder.text_model.{path}"


def _kohya(key: str, names: Names) -> Slot | None:
    if not (found := _KOHYA.fullmatch(key)):
        return None
    part = KOHYA_PARTS[found[1]]
    path = names.flat(part, found[2])
    return Slot(part, path, _ROLES[found[3]]) if path else None


def _dotted(key: str, names: Names) -> Slot | None:
    """Return the slot of diffusers' and PEFT's names; without a prefix, the part is told by its layers."""
    if not (found := _LETTERS.fullmatch(key) or _WORDS.fullmatch(key)):
        return None
    written = found["path"].replace(".processor.", ".")
    for part in PARTS:
        if path := names.dotted(part, _today(part, written.removeprefix(f"{part}."))):
            return Slot(part, path, _ROLES[found["role"]])
    return None


def _today(part: Part, path: str) -> str:
    """Return a path as today's models have it."""
    above, _, last = path.rpartition(".")
    if part == "unet":
        return f"{path}.0" if last == "to_out" else path
    return f"{above}.{_RENAMED[last]}" if last in _RENAMED else path
