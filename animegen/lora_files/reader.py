"""A LoRA read from a file or a folder, or refused with the reason; nothing is ever unpickled."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from animegen.lora_files.adapter import BASE_HASH, Adapter, Factor, Module
from animegen.lora_files.alphas import Scales, exact, parsed, scales
from animegen.lora_files.bases import PARTS, Base, Names, Part, bases, drawable
from animegen.lora_files.compatibility import canonical, fitting, inner_shape, layer_shape, narrow, sharing
from animegen.lora_files.folders import PEFT_CONFIG, chosen, inside
from animegen.lora_files.key_names import Format, Role, format_of
from animegen.lora_files.keys import Keys, Place, embeddings, grouped
from animegen.lora_files.weights import FACTORS, PRECISIONS, Cause, Weights, clipped, open_weights, refusing
from animegen.messages import Message, message

HEADER_CONFIG: Final = "lora_adapter_metadata"
MAX_CONFIG: Final = 1 << 20
MAX_DATA: Final = 2 << 30
"""Bytes; all layers of Stable Diffusion 1.5 at rank 128 in float32 are a third of it."""

AlphaOf = Callable[[Place, int], tuple[float, bool]]
"""Returns the alpha of a module with this rank, and whether the file gives it."""


def read(path: Path, wanted: Sequence[Base] | None = None) -> Adapter:
    """Return the LoRA in a file or a folder; a PEFT folder may hold one for the text encoder beside the UNet's.

    ``wanted`` are the models that it may be of, every one that can draw where none are given. Raises AdapterRefused.
    """
    wanted = drawable() if wanted is None else wanted
    with refusing(path):
        if not path.is_dir():
            return _read(path, path.parent, wanted)
        return _joined([_read(file, path, wanted) for file in chosen(path)])


def _joined(parts: Sequence[Adapter]) -> Adapter:
    """Return the adapters of one folder as one. Raises Cause when they are of different models."""
    modules = tuple(
        sorted((module for part in parts for module in part.modules), key=lambda each: (each.part, each.path))
    )
    both = tuple(base for base in parts[0].bases if all(base in part.bases for part in parts))
    if not both or len({(module.part, module.path) for module in modules}) < len(modules):
        raise Cause("lora_files.folder_mixed")
    return replace(
        parts[0],
        modules=modules,
        bases=both,
        precisions=tuple(sorted({each for part in parts for each in part.precisions})),
        notes=tuple(dict.fromkeys(note for part in parts for note in part.notes)),
    )


def _read(path: Path, folder: Path, wanted: Sequence[Base]) -> Adapter:
    with open_weights(path) as weights:
        form = format_of(weights.tensors)
        keys = grouped(weights.tensors, form, Names([*wanted, *bases().values()]))
        shapes = _shapes(weights, keys)
        fits, shared = fitting(wanted, shapes), sharing(shapes)
        config = _config(form, path, folder, weights)
        declared = _declared_base(weights.metadata, config)
        fits = narrow(fits, shared, declared)
        modules = _modules(weights, keys, fits[0], _alphas(form, config, weights, keys))
        doubts = _assumptions(fits[0], weights.metadata, alphas_given=all(given for _, given in modules))
        return Adapter(
            modules=tuple(module for module, _ in modules),
            bases=tuple(base.name for base in fits),
            metadata={key: text for key, text in weights.metadata.items() if key not in {"format", HEADER_CONFIG}},
            source=form,
            precisions=_precisions(weights, keys),
            notes=(*doubts, *_ambiguities(shared, declared), *_ignored(weights)),
        )


def _declared_base(metadata: Mapping[str, str], config: Mapping[str, Any]) -> str:
    """Return the base by the metadata of a file or by its config, empty where neither gives one."""
    words = [metadata.get("ss_base_model_version"), metadata.get("modelspec.architecture")]
    words += [value for key, value in config.items() if key.endswith("base_model_name_or_path")]
    return ", ".join(dict.fromkeys(word for word in words if word and isinstance(word, str)))


def _assumptions(base: Base, metadata: Mapping[str, str], *, alphas_given: bool) -> Iterator[Message]:
    if not alphas_given:
        yield message("lora_files.alpha_assumed")
    if base.editions and not metadata.get(BASE_HASH):
        yield message("lora_files.edition_unknown", base=base.label)


def _ambiguities(fits: Sequence[Base], declared: str) -> Iterator[Message]:
    """Yield a note where several models have the layers of a file, and its metadata names none of them."""
    if len(fits) < 2 or any(base.named(declared) for base in fits):
        return
    same = tuple(base.label for base in fits)
    if declared:
        yield message("lora_files.base_unclear", name=clipped(declared), bases=same)
    else:
        yield message("lora_files.base_ambiguous", bases=same)


def _ignored(weights: Weights) -> Iterator[Message]:
    if names := embeddings(weights.tensors):
        yield message("lora_files.embeddings_ignored", names=clipped(", ".join(names), 200))


def _precisions(weights: Weights, keys: Keys) -> tuple[str, ...]:
    factors = (key for roles in keys.values() for role, key in roles.items() if role != "alpha")
    return tuple(sorted({PRECISIONS[weights.tensors[key].dtype] for key in factors}))


def _shapes(weights: Weights, keys: Keys) -> Mapping[Place, tuple[int, ...]]:
    """Return the shape of each module's layer, by the header alone. Raises Cause."""
    if sum(tensor.end - tensor.begin for tensor in weights.tensors.values()) > MAX_DATA:
        raise Cause("lora_files.too_large", limit=MAX_DATA >> 30)
    shapes = {}
    for place, roles in keys.items():
        if not {"down", "up"} <= roles.keys():
            raise Cause("lora_files.incomplete_module", path=place[1])
        tensors = {role: weights.tensors[key] for role, key in roles.items() if role != "alpha"}
        if strange := {tensor.dtype for tensor in tensors.values()} - FACTORS.keys():
            raise Cause("lora_files.number_type", type=min(strange))
        down, up = tensors["down"].shape, tensors["up"].shape
        inner = inner_shape(tensors["mid"].shape, down) if "mid" in tensors else down
        if inner is None or (shape := layer_shape(inner, up)) is None:
            raise Cause("lora_files.factors_mismatch", path=place[1])
        shapes[place] = shape
    return shapes


def _config(form: Format, path: Path, folder: Path, weights: Weights) -> Mapping[str, Any]:
    """Return the config that belongs to a file: PEFT's beside it, or diffusers' in its header."""
    if form is not Format.PEFT:
        return parsed(weights.metadata.get(HEADER_CONFIG, "{}"))
    config = path.with_name(PEFT_CONFIG)
    if not config.is_file() or not inside(config, folder):
        raise Cause("lora_files.config_missing", config=PEFT_CONFIG)
    with config.open("rb") as file:
        return parsed(file.read(MAX_CONFIG))


def _alphas(form: Format, config: Mapping[str, Any], weights: Weights, keys: Keys) -> AlphaOf:
    """Return how each module's alpha is found: a tensor in kohya's files, a config in the others, else the rank."""
    configured: dict[Part, Scales] = {}
    for part in PARTS:
        own = {key.removeprefix(f"{part}."): value for key, value in config.items() if key.startswith(f"{part}.")}
        if found := config if form is Format.PEFT else own:
            configured[part] = scales(found)

    def alpha(place: Place, rank: int) -> tuple[float, bool]:
        if key := keys[place].get("alpha"):
            return exact(weights.number(key)), True
        if place[0] in configured:
            return configured[place[0]].alpha_for(place[1], rank), True
        return float(rank), False

    return alpha


def _modules(weights: Weights, keys: Keys, base: Base, alpha: AlphaOf) -> list[tuple[Module, bool]]:
    modules = []
    for place, roles in sorted(keys.items()):
        down, up = _inner(weights, place, roles), weights.factor(roles["up"])
        scale, given = alpha(place, down.shape[0])
        down_shape, up_shape = canonical(base, place, down.shape, up.shape)
        part, path = place
        module = Module(part=part, path=path, down=down.reshape(down_shape), up=up.reshape(up_shape), alpha=scale)
        modules.append((module, given))
    return modules


def _inner(weights: Weights, place: Place, roles: Mapping[Role, str]) -> Factor:
    """Return the inner factor of a module, with the core of a Tucker decomposition multiplied into it."""
    down = weights.factor(roles["down"])
    if "mid" not in roles:
        return down
    core = weights.factor(roles["mid"]).astype(np.float64)
    product = np.moveaxis(np.tensordot(core, down[:, :, 0, 0], axes=(1, 0)), -1, 1)
    if np.abs(product).max() > np.finfo(np.float32).max:
        raise Cause("lora_files.factors_overflow", path=place[1])
    return product.astype(np.float32)
