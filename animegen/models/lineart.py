"""The detector of line art for models from the Hub: soft white lines on black, as their ControlNet for line art reads.

It is controlnet_aux's ``LineartAnimeDetector``, whose weights lie on the Hub as a pickle alone. Its own
``from_pretrained`` would unpickle them with whatever they hold; here they are read as plain tensors and rewritten.
"""

from functools import partial
from pathlib import Path
from typing import Any, Final

from PIL import Image
from safetensors.torch import load_file
from torch import nn

from animegen.errors import ModelUnavailable
from animegen.models import hub, pickles
from animegen.models.loading import DAMAGED, Parts, log_progress
from animegen.pictures.detectors import detect, package

REPOSITORY: Final = "lllyasviel/Annotators"
FILE: Final = "netG.pth"
HALVINGS: Final = 8
"""How often its U-Net halves a picture, so that sides are multiples of 256 to it."""


class LineartDetector:
    """Finds the lines of any picture, in float32 on the CPU's or the model's own device."""

    def __init__(self, detector: Any) -> None:
        self._detector = detector

    def __call__(self, image: Image.Image) -> Image.Image:
        """Return the lines of an RGB picture as a map of its size, mode L: the brighter, the surer."""
        return detect(self._detector, image)


def load(parts: Parts) -> LineartDetector:
    """Return the detector on a model's device; its weights are downloaded where they are not cached.

    Raises ModelUnavailable when they cannot be got, are damaged, or hold anything but tensors.
    """
    report, source = log_progress(REPOSITORY), parts.source
    folder = hub.snapshot(REPOSITORY, (FILE,), report=report, source=source)
    made = pickles.rewritten(folder, source.rewritten, REPOSITORY)
    try:
        network = _network(made / pickles.RENAMED[FILE])
    except DAMAGED as problem:
        raise ModelUnavailable("models.lineart_damaged", repository=REPOSITORY) from problem
    return LineartDetector(package().LineartAnimeDetector(network).to(parts.placement.device))


def _network(path: Path) -> nn.Module:
    """Return the U-Net of these weights, as wide as they are; names may have the prefix of a parallel training."""
    weights = {name.removeprefix("module."): weight for name, weight in load_file(path).items()}
    width = len(weights["model.model.0.weight"])
    norm = partial(nn.InstanceNorm2d, affine=False, track_running_stats=False)
    network: nn.Module = package().lineart_anime.UnetGenerator(3, 1, HALVINGS, width, norm_layer=norm)
    network.load_state_dict(weights)
    return network.eval().requires_grad_(False)
