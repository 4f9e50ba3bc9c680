"""A model's parts, loaded once and shared by every pipeline."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import diffusers
import torch
import transformers
from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
from safetensors import SafetensorError
from transformers import CLIPTextModel, CLIPTokenizer

from animegen.errors import ModelUnavailable
from animegen.models import device, hub, pickles, weights
from animegen.models.cache import HUB, Source
from animegen.models.device import Placement
from animegen.models.files import STABLE_DIFFUSION
from animegen.models.hub import Report, silent
from animegen.models.offload import Turns
from animegen.models.table import ModelRow

STAGES: Final = {
    CLIPTextModel: "words",
    UNet2DConditionModel: "steps",
    ControlNetModel: "steps",
    AutoencoderKL: "pixels",
}
"""When each kind of network is called; those of one stage are called in turns so short that they stay together."""
DAMAGED: Final = (OSError, ValueError, RuntimeError, KeyError, SafetensorError)
"""What a network's files raise when one is missing, cut short or not what it should be."""


class Unfit(ValueError):
    """What is wrong with the weights of one network, a sentence that begins with its folder's name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What a Stable Diffusion is made of, ready to draw: frozen weights, evaluation mode, on their device.

    ``scheduler_config`` is what a request makes its own scheduler from; ``folder`` holds the files, and ``source`` is
    where those of its companions come from. Where there are ``turns``, a network is on the device only when it is
    called.
    """

    row: ModelRow
    placement: Placement
    folder: Path
    tokenizer: CLIPTokenizer
    text_encoder: CLIPTextModel
    unet: UNet2DConditionModel
    vae: AutoencoderKL
    scheduler_config: Mapping[str, Any]
    source: Source = HUB
    turns: Turns | None = None

    @property
    def latent_scale(self) -> int:
        """How many pixels wide one latent is."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))


def folder_of(row: ModelRow, *, half: bool = False, report: Report = silent, source: Source = HUB) -> Path:
    """Return the folder of a model's files; those of a model from the Hub are downloaded where they are not here.

    ``half`` prefers files in half precision; the terminal and ``report`` are told how much of them is here.
    Raises ModelUnavailable when they are not there and cannot be got.
    """
    if row.local:
        return Path(row.source)
    if not row.embedded:
        told = on_terminal(row.label, report)
        parts = pickles.MODEL if row.pickle else STABLE_DIFFUSION
        folder = hub.snapshot(row.source, parts, half=half, report=told, source=source)
        return pickles.rewritten(folder, source.rewritten, row.label) if row.pickle else folder
    folder = Path(str(files("animegen"))) / row.source
    if not (folder / "model_index.json").is_file():
        raise ModelUnavailable(f"The weights of {row.label} are not in {row.origin}; get them with the source.")
    return folder


def on_terminal(label: str, also: Report = silent) -> Report:
    """Return what tells the terminal how much of something is here, a line for each tenth of it, and ``also``."""
    told = -1

    def report(done: int, total: int) -> None:
        nonlocal told
        also(done, total)
        tenth = 10 * done // max(total, 1)
        if tenth > told:
            told = tenth
            print(f"{label}: {done / 10**9:.1f} of {total / 10**9:.1f} GB are here.", file=sys.stderr)

    return report


def load_here(row: ModelRow, *, low_memory: bool, report: Report = silent) -> Parts:
    """Load a model on the best device of this machine; ``report`` is told how much of it is here.

    Raises ModelUnavailable when its files are not there, cannot be got, or are damaged.
    """
    placement = device.here(low_memory=low_memory)
    return load(row, placement, folder_of(row, half=placement.half, report=report))


def load(row: ModelRow, placement: Placement, folder: Path, source: Source = HUB) -> Parts:
    """Load the parts that lie in ``folder`` as a diffusers model, without touching the network.

    ``source`` is where its companions will come from. Raises ModelUnavailable when a file is missing, cut short or not
    what it should be.
    """
    try:
        return _load(row, placement, folder, source)
    except DAMAGED as problem:
        if why := str(problem) if isinstance(problem, Unfit) else weights.damage(folder):
            raise ModelUnavailable(f"The weights of {row.label} are incomplete or damaged: {why}") from problem
        raise ModelUnavailable(
            f"The weights of {row.label} are incomplete or damaged; get them again ({row.origin})."
        ) from problem


def _load(row: ModelRow, placement: Placement, folder: Path, source: Source) -> Parts:
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()  # the terminal belongs to the task's own bar
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    turns = Turns(placement.device) if placement.low_memory else None
    vae = ready(AutoencoderKL, folder / "vae", placement, turns)
    if placement.low_memory:
        vae.enable_slicing()
    return Parts(
        row=row,
        placement=placement,
        folder=folder,
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True),
        text_encoder=ready(CLIPTextModel, folder / "text_encoder", placement, turns),
        unet=ready(UNet2DConditionModel, folder / "unet", placement, turns),
        vae=vae,
        scheduler_config=MappingProxyType({"prediction_type": row.prediction_type} | config),
        source=source,
        turns=turns,
    )


def ready(kind: Any, folder: Path, placement: Placement, turns: Turns | None = None) -> Any:
    """Load one network for drawing, its convolutions in the memory order that is faster there.

    It is on its device, or waits for its turn there. Raises Unfit when weights are missing, which the libraries would
    fill with chance, or no numbers.

    Channels last pays everywhere but in a float32 UNet on a CPU: what its convolutions gain, its many small
    group norms lose.
    """
    network, told = kind.from_pretrained(
        folder,
        dtype=placement.dtype,
        variant=weights.find(folder)[1],
        local_files_only=True,
        use_safetensors=True,
        output_loading_info=True,
    )
    if missing := sorted(told["missing_keys"]):
        raise Unfit(f"{folder.name} lacks {len(missing)} of its weights, '{missing[0]}' first; get it again.")
    network.eval().requires_grad_(False)
    slow = kind is UNet2DConditionModel and placement.device.type == "cpu" and placement.dtype == torch.float32
    where = torch.device("cpu") if turns else placement.device
    network.to(where, memory_format=torch.contiguous_format if slow else torch.channels_last)
    if odd := next((name for name, each in network.named_parameters() if not finite(each)), ""):
        raise Unfit(f"{folder.name} holds values that are no numbers (NaN or infinite) in '{odd}'; do not use it.")
    if turns:
        turns.take(network, STAGES[kind])
    return network


def finite(weight: torch.Tensor) -> bool:
    """Say whether a weight holds numbers alone; a sum tells it ten times faster where it can be."""
    return bool(weight.sum(dtype=torch.float32).isfinite() or weight.isfinite().all())
