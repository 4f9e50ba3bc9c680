"""The models that a LoRA can be of: their layers, and the names that files call those layers by."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, Literal

from animegen.lora_files.layout import Config, Layers, text_encoder_layers, unet_layers

Part = Literal["unet", "text_encoder"]
PARTS: Final[tuple[Part, ...]] = ("unet", "text_encoder")


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """A model by the layers of its parts; ``kohya`` is the metadata by which kohya's files name it.

    ``marks`` stand in what any file says of its base. One with ``editions`` is trained anew now and then, and a LoRA
    suits the edition alone that it was trained on.
    """

    name: str
    label: str
    layers: Mapping[Part, Layers]
    kohya: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    editions: bool = False
    drawable: bool = True

    def named(self, words: str) -> bool:
        """Say whether words name this model."""
        return any(mark in words.lower() for mark in self.marks)


def base_of(name: str, label: str, unet: Config, text_encoder: Config, *, editions: bool = False) -> Base:
    """Return the base that a model is, from the configs of its parts."""
    layers = _layers({"unet": unet, "text_encoder": text_encoder})
    return Base(name=name, label=label, layers=layers, editions=editions)


def base_named(unet: Config, text_encoder: Config) -> str:
    """Return the name of the table's base with the layers of a model, empty where none has them.

    The configs may be old ones, which leave out what was not known yet.
    """
    try:
        layers = base_of("", "", {"use_linear_projection": False, **unet}, text_encoder).layers
    except (ValueError, KeyError, TypeError):  # configs that contradict themselves, or lack a field
        return ""
    return next((base.name for base in drawable() if base.layers == layers), "")


def _layers(configs: Mapping[Part, Config]) -> Mapping[Part, Layers]:
    layers: dict[Part, Layers] = {"unet": unet_layers(configs["unet"])}
    if "text_encoder" in configs:
        layers["text_encoder"] = text_encoder_layers(configs["text_encoder"])
    return layers


@cache
def bases() -> Mapping[str, Base]:
    """Return the table's bases by name, in the table's order."""
    table = tomllib.loads(files(__package__).joinpath("bases.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _base(name, row) for name, row in table.items()})


def drawable() -> Sequence[Base]:
    """Return the table's bases whose LoRAs can be used; the others are known so that they can be refused by name."""
    return [base for base in bases().values() if base.drawable]


def _base(name: str, row: Mapping[str, Any]) -> Base:
    configs: dict[Part, Config] = {part: row[part] for part in PARTS if part in row}
    if "configs" in row:
        folder = files("animegen").joinpath(row["configs"])
        configs = {part: json.loads(folder.joinpath(part, "config.json").read_bytes()) for part in PARTS}
    said = {key: row[key] for key in ("kohya", "editions", "drawable") if key in row}
    return Base(name=name, label=row["label"], layers=_layers(configs), marks=tuple(row.get("marks", ())), **said)


class Names:
    """The names of all layers of some bases, found again where a file writes them with underscores instead of dots."""

    def __init__(self, known: Iterable[Base]) -> None:
        self._dotted = {part: {path for base in known for path in base.layers.get(part, ())} for part in PARTS}
        self._flat = {part: {path.replace(".", "_"): path for path in self._dotted[part]} for part in PARTS}

    def dotted(self, part: Part, path: str) -> str | None:
        """Return the path if a base has such a layer; a text encoder's may begin with ``text_model.``."""
        path = path.removeprefix("text_model.") if part == "text_encoder" else path
        return path if path in self._dotted[part] else None

    def flat(self, part: Part, path: str) -> str | None:
        """Return the dotted path of a layer whose dots are written as underscores, None where no base has it."""
        return self._flat[part].get(path.removeprefix("text_model_") if part == "text_encoder" else path)
