"""A model's parts, loaded once and shared by every pipeline."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import diffusers
import torch
import transformers
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors import SafetensorError
from transformers import CLIPTextModel, CLIPTokenizer

from animegen.errors import ModelUnavailable
from animegen.models.device import Placement
from animegen.models.table import ModelRow


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What a Stable Diffusion is made of, ready to draw: frozen weights, evaluation mode, on their device.

    ``scheduler_config`` is what a request makes its own scheduler from; ``folder`` holds the files.
    """

    row: ModelRow
    placement: Placement
    folder: Path
    tokenizer: CLIPTokenizer
    text_encoder: CLIPTextModel
    unet: UNet2DConditionModel
    vae: AutoencoderKL
    scheduler_config: Mapping[str, Any]

    @property
    def latent_scale(self) -> int:
        """How many pixels wide one latent is."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))


def folder_of(row: ModelRow) -> Path:
    """Return the folder of an embedded model's weights.

    Raises ModelUnavailable when they are not there.
    """
    folder = Path(str(files("animegen"))) / row.source
    if not (folder / "model_index.json").is_file():
        raise ModelUnavailable(
            f"The weights of {row.label} are not in animegen/{row.source}; get them with the source."
        )
    return folder


def load(row: ModelRow, placement: Placement, folder: Path) -> Parts:
    """Load the parts that lie in ``folder`` as a diffusers model, without touching the network.

    Raises ModelUnavailable when a file is missing, cut short or not what it should be.
    """
    try:
        return _load(row, placement, folder)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError) as problem:
        raise ModelUnavailable(
            f"The weights of {row.label} are incomplete or damaged; get them again (animegen/{row.source})."
        ) from problem


def _load(row: ModelRow, placement: Placement, folder: Path) -> Parts:
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()  # the terminal belongs to the task's own bar
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    return Parts(
        row=row,
        placement=placement,
        folder=folder,
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True),
        text_encoder=ready(CLIPTextModel, folder / "text_encoder", placement),
        unet=ready(UNet2DConditionModel, folder / "unet", placement),
        vae=ready(AutoencoderKL, folder / "vae", placement),
        scheduler_config=MappingProxyType(config),
    )


def ready(kind: Any, folder: Path, placement: Placement) -> Any:
    """Load one network for drawing, its convolutions in the memory order that is faster there.

    Channels last pays everywhere but in a float32 UNet on a CPU: what its convolutions gain, its many small
    group norms lose.
    """
    network = kind.from_pretrained(folder, dtype=placement.dtype, local_files_only=True, use_safetensors=True)
    network.eval().requires_grad_(False)
    slow = kind is UNet2DConditionModel and placement.device.type == "cpu" and placement.dtype == torch.float32
    return network.to(placement.device, memory_format=torch.contiguous_format if slow else torch.channels_last)
