"""The judge: a small classifier that reads every attribute of a character from a picture.

It measures; nothing is ever trained against it. Hidden attributes are neither learned nor scored.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from PIL.Image import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from animegen.chibi.character import ACCESSORIES, NEUTRAL, VOCABULARY
from animegen.errors import ModelUnavailable

ATTRIBUTES: Final[dict[str, tuple[str, ...]]] = {
    **{name: (*words, NEUTRAL) if name == "emotion" else words for name, words in VOCABULARY.items()},
    **dict.fromkeys(ACCESSORIES, ("no", "yes")),
}
"""The attributes that the judge reads, each with its classes in order."""
FILE: Final = "judge.safetensors"
FEATURES: Final = 256
SIDE: Final = 128


class Judge(nn.Module):
    """A convolutional network with one linear head an attribute, over square pictures ``(N, 3, S, S)`` in [-1, 1].

    It sees them reduced to SIDE pixels: no attribute needs more.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (32, 64, 96, 128, 160)
        layers: list[nn.Module] = []
        for before, width in zip((3, *widths), widths, strict=False):
            layers += [nn.Conv2d(before, width, 3, stride=2, padding=1, bias=False), nn.GroupNorm(8, width), nn.ReLU()]
            if before != 3:
                layers += [nn.Conv2d(width, width, 3, padding=1, bias=False), nn.GroupNorm(8, width), nn.ReLU()]
        # The 4x4 grid is kept: where something is tells what it is, in a portrait.
        self.trunk = nn.Sequential(*layers, nn.Flatten(), nn.Linear(widths[-1] * 16, FEATURES), nn.ReLU())
        self.heads = nn.ModuleDict({name: nn.Linear(FEATURES, len(words)) for name, words in ATTRIBUTES.items()})

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """Return the logits of each attribute, ``(N, classes)``."""
        features = self._features(pictures)
        return {name: head(features) for name, head in self.heads.items()}

    @torch.inference_mode()
    def features(self, pictures: Tensor) -> Tensor:
        """Return ``(N, 256)`` features, for distances between sets of pictures."""
        return self._features(pictures)

    def _features(self, pictures: Tensor) -> Tensor:
        return self.trunk(functional.adaptive_avg_pool2d(pictures, SIDE))

    @torch.inference_mode()
    def read(self, images: Sequence[Image]) -> list[dict[str, str]]:
        """Return what each picture shows: the likeliest word of every attribute."""
        logits = self(tensor(images))
        best = {name: values.argmax(dim=1).tolist() for name, values in logits.items()}
        return [{name: ATTRIBUTES[name][best[name][i]] for name in ATTRIBUTES} for i in range(len(images))]


def tensor(images: Sequence[Image]) -> Tensor:
    """Return pictures of one size as ``(N, 3, H, W)`` in [-1, 1]."""
    pixels = np.stack([np.asarray(image.convert("RGB")) for image in images])
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 127.5 - 1


def save(judge: Judge, path: Path) -> None:
    """Write the judge as fp16 safetensors that name its attributes."""
    weights = {name: value.half() for name, value in judge.state_dict().items()}
    save_file(weights, path, metadata={"attributes": json.dumps(ATTRIBUTES)})


def load(path: Path) -> Judge:
    """Return the judge that ``save`` wrote, ready to read.

    Raises ModelUnavailable when it is absent or of another vocabulary.
    """
    if not path.exists():
        raise ModelUnavailable("chibi.judge_missing")
    with safe_open(path, "pt") as file:
        attributes = json.loads((file.metadata() or {}).get("attributes", "{}"))
    if attributes != {name: list(words) for name, words in ATTRIBUTES.items()}:
        raise ModelUnavailable("chibi.judge_vocabulary")
    judge = Judge()
    judge.load_state_dict({name: value.float() for name, value in load_file(path).items()})
    return judge.eval()
