"""A model's ControlNet: loaded by itself when it is first needed, and only beside the UNet that it was trained on."""

import hashlib
import json
from pathlib import Path

from diffusers import ControlNetModel

from animegen.errors import ModelUnavailable
from animegen.models import hub, pickles
from animegen.models.files import NETWORK
from animegen.models.loading import DAMAGED, Parts, log_progress, ready
from animegen.pictures.edges import EDGES

FOLDER = "controlnet"
BASE = "controlnet_base"
"""The key of a model's record under which the hash of the UNet stands that the ControlNet was trained on."""


def load(parts: Parts, lines: str = EDGES) -> ControlNetModel:
    """Return the ControlNet of a model that follows these ``lines``, ready to draw, placed as its parts are.

    That of a model from the Hub has a repository of its own and is downloaded where it is not here; any other lies
    beside the parts.
    Raises ModelUnavailable when there is none, when it was trained on another UNet, or when it is damaged.
    """
    row, label = parts.row, parts.row.label
    repository = row.controlnet if lines == EDGES else row.lineart_controlnet
    if not repository:
        raise ModelUnavailable(
            "models.no_controlnet" if lines == EDGES else "models.no_lineart_controlnet", model=label
        )
    folder = parts.folder / FOLDER if row.on_disk else _download(parts, repository)
    if row.on_disk and not fits(parts.folder):
        raise ModelUnavailable("models.controlnet_of_other_weights", model=label)
    try:
        network: ControlNetModel = ready(ControlNetModel, folder, parts.placement, parts.offload)
    except DAMAGED as problem:
        raise ModelUnavailable("models.controlnet_damaged", model=label, origin=row.origin) from problem
    return network


def _download(parts: Parts, repository: str) -> Path:
    row, half, source = parts.row, parts.placement.half, parts.source
    needed = pickles.NETWORK if row.pickle else NETWORK
    folder = hub.snapshot(repository, needed, half=half, report=log_progress(repository), source=source)
    return pickles.rewritten(folder, source.rewritten, repository) if row.pickle else folder


def fits(folder: Path) -> bool:
    """Say whether the ControlNet of a model's folder was trained on the UNet that lies beside it."""
    record = folder / "record.json"
    known = json.loads(record.read_bytes()) if record.is_file() else {}
    return known.get(BASE) == weights_hash(folder / "unet")


def weights_hash(folder: Path) -> str:
    """Return one hash over all weights in a folder but those of a ControlNet, which draws nothing by itself."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        name = path.relative_to(folder)
        if FOLDER not in name.parts:
            digest.update(name.as_posix().encode())
            with path.open("rb") as file:
                hashlib.file_digest(file, lambda: digest)
    return digest.hexdigest()
