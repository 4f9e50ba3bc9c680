"""The style judge: a small classifier that reads in which look a picture is painted.

It measures, as the judge does; nothing is ever trained against it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from PIL.Image import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from animegen.chibi.judge import tensor
from animegen.errors import ModelUnavailable

PLAIN: Final = "plain"
STYLES: Final = (
    PLAIN, "impressionist", "soft_focus", "oil_painting", "sketch", "pastel", "watercolor", "manga",
)  # fmt: skip
"""What it can read: chibi's own way of drawing, and every look of its artist."""
FILE: Final = "style_judge.safetensors"
SIDE: Final = 256
"""To how many pixels a side a picture is brought: paper and brush strokes are small."""
WIDTHS: Final = (16, 32, 64, 96, 128)


class StyleJudge(nn.Module):
    """A convolutional network over pictures ``(N, 3, H, W)`` in [-1, 1], with a logit for each of STYLES.

    Where something is tells nothing of how it is painted: the last grid is averaged.
    """

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, width in zip((3, *WIDTHS), WIDTHS, strict=False):
            layers += [nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False), nn.GroupNorm(8, width), nn.ReLU()]
        self.trunk = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(WIDTHS[-1], len(STYLES))

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits ``(N, len(STYLES))``."""
        if pictures.shape[-1] != SIDE:
            pictures = functional.interpolate(
                pictures, (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False
            )
        logits: Tensor = self.head(self.trunk(pictures))
        return logits

    @torch.inference_mode()
    def read(self, images: Sequence[Image]) -> list[str]:
        """Return the likeliest of STYLES for each picture."""
        return [STYLES[number] for number in self(tensor(images)).argmax(dim=1).tolist()]


def save(judge: StyleJudge, path: Path, about: Mapping[str, object]) -> None:
    """Write the judge as fp16 safetensors that name its styles and hold what is known ``about`` it."""
    weights = {name: value.half().cpu() for name, value in judge.state_dict().items()}
    save_file(weights, path, metadata={"styles": json.dumps(STYLES), "about": json.dumps(about)})


def load(path: Path) -> StyleJudge:
    """Return the judge that ``save`` wrote, ready to read.

    Raises ModelUnavailable when it is absent or knows other styles.
    """
    if not path.exists():
        raise ModelUnavailable("chibi.style_judge_missing")
    if tuple(json.loads(_metadata(path).get("styles", "[]"))) != STYLES:
        raise ModelUnavailable("chibi.style_judge_styles")
    judge = StyleJudge()
    judge.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return judge.eval()


def about(path: Path) -> dict[str, Any]:
    """Return what ``save`` wrote about a judge: how it was trained and how well it reads each style."""
    known: dict[str, Any] = json.loads(_metadata(path).get("about", "{}"))
    return known


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(path, "pt") as file:
        return file.metadata() or {}
