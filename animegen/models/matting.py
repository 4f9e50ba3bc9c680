"""The network that finds an anime character before any background: an optional extra, from the Hub, run on the CPU.

SkyTNT's anime-segmentation (https://github.com/SkyTNT/anime-segmentation) is an IS-Net (Qin et al. 2022, 2203.03041).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from animegen.messages import message
from animegen.models import hub
from animegen.models.cache import HUB, Source
from animegen.models.onnx_sessions import installed, onnx_errors, open_session
from animegen.models.table import ModelRow

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

REPOSITORY: Final = "skytnt/anime-seg"
PARTS: Final = ("isnetis.onnx",)
LABEL: Final = f"{REPOSITORY} (Apache-2.0)"
"""Its name where its download is announced: with its licence."""
SIDE: Final = 1024
"""It sees a picture in the middle of a black square of so many pixels, as it did in its training."""
SURE: Final = 0.05
"""Answers so near to 0 or 1 count as that: the network is never quite sure."""
SECONDS: Final = 2.0
"""How long one picture takes on one core of a usual processor, measured with random weights."""


def serves(row: ModelRow) -> bool:
    """Say whether it cuts out what a model draws: not on plain backgrounds, and only where the extra is installed."""
    return not row.plain_background and installed()


def fetch(source: Source = HUB) -> Path:
    """Return the network's file; where it is not here it is downloaded, which is logged.

    Raises ModelUnavailable.
    """
    from animegen.models.loading import log_progress

    return hub.snapshot(REPOSITORY, PARTS, report=log_progress(LABEL), source=source) / PARTS[0]


def load(source: Source = HUB) -> "Matting":
    """Return the network, ready to be used; it needs half a second to load, and 1 GB of memory while it works.

    Raises ModelUnavailable when it cannot be got or is damaged.
    """
    return Matting(open_session(fetch(source), message("models.matting_damaged", repository=REPOSITORY)))


class Matting:
    """Says of pictures where their character is."""

    def __init__(self, session: "InferenceSession") -> None:
        self._session = session

    def matte(self, image: Image.Image) -> NDArray[np.float32] | None:
        """Return how surely each pixel is a character's, [height, width] from 0 to 1, None where nobody is found.

        Raises ModelUnavailable when there is too little memory.
        """
        scale = SIDE / max(image.size)
        width, height = (max(round(side * scale), 1) for side in image.size)
        left, top = (SIDE - width) // 2, (SIDE - height) // 2
        square = Image.new("RGB", (SIDE, SIDE))
        square.paste(image.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (left, top))
        seen = np.asarray(square, dtype=np.float32).transpose(2, 0, 1)[None] / 255
        with onnx_errors(message("models.matting_failed", repository=REPOSITORY)):
            (answers,) = self._session.run(None, {self._session.get_inputs()[0].name: seen})
        found = Image.fromarray(answers[0, 0]).crop((left, top, left + width, top + height))
        sure = np.asarray(found.resize(image.size, Image.Resampling.LANCZOS))
        return ((sure - SURE) / (1 - 2 * SURE)).clip(0, 1) if (sure > 0.5).any() else None
