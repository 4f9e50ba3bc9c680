"""A LoRA written in each of the three formats; what each file adds to a layer is the same, to the bit."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save, save_file

from animegen.lora_files.adapter import Adapter
from animegen.lora_files.alphas import config_of
from animegen.lora_files.bases import PARTS, bases
from animegen.lora_files.folders import DIFFUSERS_FILE, PEFT_CONFIG, PEFT_FILE
from animegen.lora_files.key_names import PEFT_PREFIX, diffusers_name, kohya_name
from animegen.lora_files.reader import HEADER_CONFIG

Tensors = dict[str, NDArray[np.generic]]
FORMAT: Final = {"format": "pt"}
"""What diffusers and PEFT want to read of a header; kohya's files say nothing of the kind."""


def write_kohya(adapter: Adapter, path: Path, said: Mapping[str, str] | None = None) -> None:
    """Write the file that A1111, ComfyUI and Civitai read.

    ``said`` is metadata that only the maker knows (``ss_learning_rate``, ``modelspec.date``, ...); ranks, alphas,
    hashes and, unless it is said, the base come from the adapter. Raises OSError.
    """
    tensors: Tensors = {}
    for module in adapter.modules:
        name = kohya_name(module.part, module.path)
        tensors[f"{name}.lora_down.weight"] = module.down
        tensors[f"{name}.lora_up.weight"] = module.up
        tensors[f"{name}.alpha"] = np.array(module.alpha, np.float32)
    config, digest = config_of(adapter.modules), _digest(tensors)
    metadata = {
        **(bases()[adapter.bases[0]].kohya if adapter.bases[0] in bases() else {}),
        "ss_output_name": path.stem,
        "modelspec.title": path.stem,
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.implementation": "diffusers",
        **{key: text for key, text in adapter.metadata.items() if not key.startswith("sshs_")},
        **(said or {}),
        "ss_network_module": "networks.lora",
        "ss_network_dim": str(config["r"]),
        "ss_network_alpha": str(config["lora_alpha"]),
        "sshs_model_hash": digest,
        "modelspec.hash_sha256": f"0x{digest}",
    }
    _save(tensors, path, metadata)


def write_diffusers(adapter: Adapter, folder: Path) -> Path:
    """Write the file that ``load_lora_weights`` takes from a folder, and return it. Raises OSError."""
    tensors: Tensors = {}
    config: dict[str, Any] = {}
    for part in PARTS:
        if modules := adapter.of(part):
            config |= {f"{part}.{key}": value for key, value in config_of(modules).items()}
        for module in modules:
            tensors[f"{diffusers_name(part, module.path)}.lora_A.weight"] = module.down
            tensors[f"{diffusers_name(part, module.path)}.lora_B.weight"] = module.up
    path = folder / DIFFUSERS_FILE
    _save(tensors, path, {**adapter.metadata, **FORMAT, HEADER_CONFIG: json.dumps(config, sort_keys=True)})
    return path


def write_peft(adapter: Adapter, folder: Path, base_model: str) -> None:
    """Write what ``PeftModel.from_pretrained`` takes: the UNet's at the root, the text encoder's in its own folder.

    ``base_model`` is the repository of the model. Raises OSError.
    """
    for part, place in (("unet", folder), ("text_encoder", folder / "text_encoder")):
        if not (modules := [module for module in adapter.modules if module.part == part]):
            continue
        tensors: Tensors = {}
        for module in modules:
            tensors[f"{PEFT_PREFIX}{module.path}.lora_A.weight"] = module.down
            tensors[f"{PEFT_PREFIX}{module.path}.lora_B.weight"] = module.up
        place.mkdir(parents=True, exist_ok=True)
        _save(tensors, place / PEFT_FILE, {**adapter.metadata, **FORMAT})
        config = {**config_of(modules), "base_model_name_or_path": base_model, "inference_mode": True}
        (place / PEFT_CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def _save(tensors: Tensors, path: Path, metadata: Mapping[str, str]) -> None:
    save_file(_dense(tensors), path, dict(metadata))


def _dense(tensors: Tensors) -> Tensors:
    """Return the tensors with their numbers in a row, which the library takes for granted."""
    return {key: np.require(tensor, requirements="C") for key, tensor in tensors.items()}


def _digest(tensors: Tensors) -> str:
    """Return the sha256 of the data that the tensors make in a file, its header left out."""
    data = save(_dense(tensors))
    return sha256(data[8 + int.from_bytes(data[:8], "little") :]).hexdigest()
