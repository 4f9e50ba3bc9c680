"""A model's parts, loaded once and shared by every pipeline."""

import json
import logging
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
from animegen.messages import message
from animegen.models import device, hub, pickles, weights
from animegen.models.cache import HUB, Source
from animegen.models.device import Placement
from animegen.models.files import STABLE_DIFFUSION
from animegen.models.hub import Report, silent
from animegen.models.offload import StageOffload
from animegen.models.table import ModelRow

log = logging.getLogger(__name__)
STAGES: Final = {
    CLIPTextModel: "words",
    UNet2DConditionModel: "steps",
    ControlNetModel: "steps",
    AutoencoderKL: "pixels",
}
"""The stage in which each kind of network is called; the networks of one stage are resident together on the device."""
DAMAGED: Final = (OSError, ValueError, RuntimeError, KeyError, SafetensorError)
"""What a network's files raise when one is missing, cut short or not what it should be."""


class DamagedNetwork(ValueError):
    """What is wrong with the weights of one network, as a ``message``."""

    def __init__(self, id: str, **values: Any) -> None:  # noqa: A002 - it is called an id everywhere
        self.message = message(id, **values)
        super().__init__(self.message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """What a Stable Diffusion is made of, ready to draw: frozen weights, evaluation mode, on their device.

    ``scheduler_config`` is what a request makes its own scheduler from; ``folder`` holds the files, and ``source`` is
    where those of its companions come from. With ``offload``, a network is on the device only when it is called.
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
    offload: StageOffload | None = None

    @property
    def latent_scale(self) -> int:
        """How many pixels wide one latent is."""
        return int(2 ** (len(self.vae.config.block_out_channels) - 1))


def folder_of(row: ModelRow, *, half: bool = False, report: Report = silent, source: Source = HUB) -> Path:
    """Return the folder of a model's files; those of a model from the Hub are downloaded where they are not here.

    ``half`` prefers files in half precision; the progress of a download goes to the log and to ``report``.
    Raises ModelUnavailable when they are not there and cannot be got.
    """
    if row.local:
        return Path(row.source)
    if not row.embedded:
        parts = pickles.MODEL if row.pickle else STABLE_DIFFUSION
        folder = hub.snapshot(row.source, parts, half=half, report=log_progress(row.label, report), source=source)
        return pickles.rewritten(folder, source.rewritten, row.label) if row.pickle else folder
    folder = Path(str(files("animegen"))) / row.source
    if not (folder / "model_index.json").is_file():
        raise ModelUnavailable("models.embedded_missing", model=row.label, origin=row.origin)
    return folder


def log_progress(label: str, also: Report = silent) -> Report:
    """Return a report that logs the progress of a download, a line for each tenth of it, and hands it to ``also``."""
    logged = -1

    def report(done: int, total: int) -> None:
        nonlocal logged
        also(done, total)
        tenth = 10 * done // max(total, 1)
        if tenth > logged:
            logged = tenth
            log.info("%s", message("models.download_progress", label=label, done=done / 10**9, total=total / 10**9))

    return report


def load_here(row: ModelRow, *, low_memory: bool, report: Report = silent) -> Parts:
    """Load a model on the best device of this machine; ``report`` takes the progress of its download.

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
        if why := problem.message if isinstance(problem, DamagedNetwork) else weights.damage(folder):
            raise ModelUnavailable("models.weights_damaged", model=row.label, why=why) from problem
        raise ModelUnavailable("models.weights_damaged_somewhere", model=row.label, origin=row.origin) from problem


def _load(row: ModelRow, placement: Placement, folder: Path, source: Source) -> Parts:
    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()  # the terminal belongs to the task's own bar
    config = json.loads((folder / "scheduler" / "scheduler_config.json").read_text(encoding="utf-8"))
    offload = StageOffload(placement.device) if placement.low_memory else None
    vae = ready(AutoencoderKL, folder / "vae", placement, offload)
    if placement.low_memory:
        vae.enable_slicing()
    return Parts(
        row=row,
        placement=placement,
        folder=folder,
        tokenizer=CLIPTokenizer.from_pretrained(folder / "tokenizer", local_files_only=True),
        text_encoder=ready(CLIPTextModel, folder / "text_encoder", placement, offload),
        unet=ready(UNet2DConditionModel, folder / "unet", placement, offload),
        vae=vae,
        scheduler_config=MappingProxyType({"prediction_type": row.prediction_type} | config),
        source=source,
        offload=offload,
    )


def ready(kind: Any, folder: Path, placement: Placement, offload: StageOffload | None = None) -> Any:
    """Load one network for drawing, its convolutions in the memory order that is faster there.

    It is on its device, or waits to be moved there. Raises DamagedNetwork when weights are missing, which the
    libraries would fill with random numbers, or not finite.

    Channels last pays everywhere but in a float32 UNet on a CPU: what its convolutions gain, its many small
    group norms lose.
    """
    network, info = kind.from_pretrained(
        folder,
        dtype=placement.dtype,
        variant=weights.find(folder)[1],
        local_files_only=True,
        use_safetensors=True,
        output_loading_info=True,
    )
    if missing := sorted(info["missing_keys"]):
        raise DamagedNetwork("models.weights_missing", part=folder.name, count=len(missing), name=missing[0])
    network.eval().requires_grad_(False)
    slow = kind is UNet2DConditionModel and placement.device.type == "cpu" and placement.dtype == torch.float32
    where = torch.device("cpu") if offload else placement.device
    network.to(where, memory_format=torch.contiguous_format if slow else torch.channels_last)
    if odd := next((name for name, each in network.named_parameters() if not finite(each)), ""):
        raise DamagedNetwork("models.weights_not_finite", part=folder.name, name=odd)
    if offload:
        offload.add(network, STAGES[kind])
    return network


def finite(weight: torch.Tensor) -> bool:
    """Say whether a weight has no NaN and no infinity; its sum tells that ten times faster where it is finite."""
    return bool(weight.sum(dtype=torch.float32).isfinite() or weight.isfinite().all())
