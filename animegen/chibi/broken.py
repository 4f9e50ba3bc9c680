"""The detector of broken pictures: a small network that finds the faults of a drawing model in a picture.

It measures, as the judge does; nothing is ever trained against it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import torch
from PIL.Image import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from animegen.chibi.judge import tensor
from animegen.errors import ModelUnavailable

KINDS: Final = ("eye_colour", "eye_size", "lid", "mouth", "smear", "double", "marks", "glasses", "asymmetry")
"""The faults it knows: eyes of unlike colour or size, one lid down, a mouth in a wrong place or twice, smears,
doubled lines, blotched marks, broken glasses, one half of the face out of line."""
OUTPUTS: Final = ("broken", *KINDS)
WINDOW: Final = 0.75
"""The share of a picture's side that it sees, in the middle: head, hair and what floats next to it."""
SIDE: Final = 192
"""To how many pixels a side the window is brought, whatever the size of the picture."""
WIDTHS: Final = (32, 64, 96, 128)
FILE: Final = "broken.safetensors"


class Detector(nn.Module):
    """A convolutional network over windows ``(N, 3, SIDE, SIDE)`` in [-1, 1], with a logit for each of OUTPUTS.

    ``thresholds`` holds the logit from which on an output counts; they come from validation renders.
    """

    thresholds: Tensor

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(3, WIDTHS[0], 7, stride=4, padding=3, bias=False)]
        for before, width in zip((WIDTHS[0], *WIDTHS), WIDTHS, strict=False):
            if width != before:
                layers += [nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False)]
            layers += [nn.GroupNorm(8, width), nn.ReLU(), nn.Conv2d(width, width, 3, padding=1, bias=False)]
            layers += [nn.GroupNorm(8, width), nn.ReLU()]
        # The 6x6 grid is kept: that one eye is not as the other is seen by comparing places.
        self.trunk = nn.Sequential(*layers, nn.Flatten(), nn.Linear(WIDTHS[-1] * (SIDE // 32) ** 2, 64), nn.ReLU())
        self.head = nn.Linear(64, len(OUTPUTS))
        self.register_buffer("thresholds", torch.zeros(len(OUTPUTS)))

    def forward(self, windows: Tensor) -> Tensor:
        """Return the logits ``(N, len(OUTPUTS))``."""
        logits: Tensor = self.head(self.trunk(windows))
        return logits

    @torch.inference_mode()
    def read(self, images: Sequence[Image]) -> list[dict[str, float]]:
        """Return of each picture by how much each output's logit lies over its threshold: above 0 it is found."""
        device = self.thresholds.device
        margins = self(window(tensor(images).to(device))) - self.thresholds
        return [dict(zip(OUTPUTS, row, strict=True)) for row in margins.tolist()]


def window(pictures: Tensor) -> Tensor:
    """Return what the detector looks at of square pictures ``(N, 3, H, W)``: the middle, brought to SIDE pixels."""
    height, width = pictures.shape[-2:]
    top, left = (round(side * (1 - WINDOW) / 2) for side in (height, width))
    middle = pictures[..., top : height - top, left : width - left]
    if middle.shape[-1] == SIDE:
        return middle
    return functional.interpolate(middle, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False)


def save(detector: Detector, path: Path, about: Mapping[str, object]) -> None:
    """Write the detector as fp16 safetensors that name its outputs and hold what is known ``about`` it."""
    weights = {name: value.half().cpu() for name, value in detector.state_dict().items()}
    save_file(weights, path, metadata={"outputs": json.dumps(OUTPUTS), "about": json.dumps(about)})


def load(path: Path) -> Detector:
    """Return the detector that ``save`` wrote, ready to read.

    Raises ModelUnavailable when it is absent or knows other faults.
    """
    if not path.exists():
        raise ModelUnavailable("chibi.detector_missing")
    if tuple(json.loads(_metadata(path).get("outputs", "[]"))) != OUTPUTS:
        raise ModelUnavailable("chibi.detector_faults")
    detector = Detector()
    detector.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return detector.eval()


def about(path: Path) -> dict[str, object]:
    """Return what ``save`` wrote about a detector: how it was trained and how well it finds each fault."""
    known: dict[str, object] = json.loads(_metadata(path).get("about", "{}"))
    return known


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        return file.metadata() or {}
