"""A row for a model that the table does not have, made from the model's own configs. Loads no torch."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError

from animegen.errors import ModelUnavailable
from animegen.lora_files import base_named
from animegen.messages import Message, message
from animegen.models import weights
from animegen.models.table import ModelRow, rows

INDEX: Final = "model_index.json"
SCHEDULER: Final = "scheduler/scheduler_config.json"
SECOND: Final = "text_encoder_2"
CLASSES: Final[Mapping[str, tuple[list[str], ...]]] = {
    "unet": (["diffusers", "UNet2DConditionModel"],),
    "vae": (["diffusers", "AutoencoderKL"],),
    "text_encoder": (["transformers", "CLIPTextModel"],),
    "tokenizer": (["transformers", "CLIPTokenizer"], ["transformers", "CLIPTokenizerFast"]),
}
"""What a Stable Diffusion 1.x or 2.x is made of, as its index names it."""
NETWORKS: Final = ("unet", "vae", "text_encoder")
CONFIGS: Final = (INDEX, SCHEDULER, *(f"{network}/config.json" for network in NETWORKS))
"""The files that a row is made from."""
CONTROLNET: Final = "controlnet"
CHECKER: Final = "safety_checker"

Config = dict[str, Any]


def row_of(folder: Path, name: str, *, local: bool) -> ModelRow:
    """Return the row of a model in the diffusers layout, drawn at half to twice its native size.

    ``name`` is what it is called: a folder's own name where it is ``local``, else a repository's. No file is executed.
    Raises ModelUnavailable when it is no Stable Diffusion 1.x or 2.x, when there are no safetensors, or when a file is
    missing or damaged.
    """
    check(folder, name)
    found = {path: _read(folder / path, name) for path in CONFIGS}
    try:
        _refuse(name, _mismatch(*(found[f"{network}/config.json"] for network in NETWORKS)))
        row = ModelRow(
            name=name,
            family="general",
            label=name,
            source=str(folder) if local else name,
            local=local,
            licence="unknown",
            forbidden_uses=(),
            controlnet=CONTROLNET if (folder / CONTROLNET / "config.json").is_file() else "",
            lora_base=base_named(found["unet/config.json"], found["text_encoder/config.json"]),
            prediction_type=found[SCHEDULER].get("prediction_type", "epsilon"),
            token_limit=found["text_encoder/config.json"]["max_position_embeddings"] - 2,
            **_sizes(found["unet/config.json"], found["vae/config.json"]),
            **_weights(folder, name),
        )
        return _accompanied(row, checked=any(found[INDEX].get(CHECKER) or ()))
    except (KeyError, TypeError, IndexError) as problem:
        raise ModelUnavailable("models.config_damaged", model=name) from problem


def _accompanied(row: ModelRow, *, checked: bool) -> ModelRow:
    """Return a row with what the table's model of the same layers has beside its own weights, as far as it suits.

    An LCM-LoRA is made to be put on whatever was trained further from its base (2311.05556), but only where the UNet
    still predicts the same. The small decoder knows the latents of the base's autoencoder, which further training
    leaves as they are. A safety checker is the base's where there is one.
    """
    akin = next((each for each in rows().values() if row.lora_base and each.lora_base == row.lora_base), None)
    if not akin:
        return row
    fast = akin.lcm_lora and row.prediction_type == akin.prediction_type
    kept = {"lcm_lora": fast, CHECKER: checked}
    decoder = {"taesd": akin.parameters["taesd"]} if akin.taesd else {}
    return replace(
        row,
        lcm_lora=akin.lcm_lora if fast else None,
        taesd=akin.taesd,
        parameters={**row.parameters, **decoder},
        lazy_parameters={name: numbers for name, numbers in akin.lazy_parameters.items() if kept.get(name)},
    )


def check(folder: Path, name: str) -> None:
    """Raise ModelUnavailable when a model is of another kind than Stable Diffusion 1.x and 2.x, by its index."""
    index = _read(folder / INDEX, name)
    odd = (part for part, classes in CLASSES.items() if index.get(part) not in classes)
    _refuse(name, message("models.second_text_encoder") if SECOND in index else None)
    _refuse(name, next((message("models.other_class", part=part) for part in odd), None))


def _refuse(name: str, why: Message | None) -> None:
    if why:
        raise ModelUnavailable("models.not_stable_diffusion", model=name, why=why)


def _sizes(unet: Config, vae: Config) -> Config:
    """Return what a row says in pixels; a latent is so many pixels wide as the autoencoder halves a picture."""
    factor = 2 ** (len(vae["block_out_channels"]) - 1)
    step = factor * 2 ** (len(unet["block_out_channels"]) - 1)
    native = unet["sample_size"] * factor
    return {
        "native_size": native,
        "min_size": max(native // 2 // step, 1) * step,
        "max_size": 2 * native,
        "size_step": step,
        "decoder_channels": vae["block_out_channels"][:2][-1],
    }


def _weights(folder: Path, name: str) -> Config:
    files = {network: weights.find(folder / network)[0] for network in NETWORKS}
    for network, paths in files.items():
        if not paths:
            raise ModelUnavailable("models.no_safetensors", model=name, part=network)
    try:
        parameters = {network: weights.numbers(paths) for network, paths in files.items()}
    except (OSError, SafetensorError) as problem:
        why = weights.damage(folder) or ""
        raise ModelUnavailable("models.weights_damaged", model=name, why=why) from problem
    size = sum(path.stat().st_size for paths in files.values() for path in paths)
    return {"parameters": parameters, "megabytes": size // 10**6}


def _mismatch(unet: Config, vae: Config, text_encoder: Config) -> Message | None:
    """Return what keeps the networks of a model from drawing together, None where they can."""
    if unet["in_channels"] != vae["latent_channels"]:
        return message("models.input_channels")
    if unet["cross_attention_dim"] != text_encoder["hidden_size"]:
        return message("models.text_width")
    return None


def _read(path: Path, name: str) -> Config:
    try:
        found = json.loads(path.read_bytes())
    except OSError as problem:
        raise ModelUnavailable("models.file_missing", model=name, file=path.name) from problem
    except ValueError as problem:
        raise ModelUnavailable("models.config_damaged", model=name) from problem
    if not isinstance(found, dict):
        raise ModelUnavailable("models.config_damaged", model=name)
    return found
