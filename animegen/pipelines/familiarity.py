"""Whether a picture is of a model's own world, so that what the model says of it can be believed.

A diffusion model finds the noise on pictures like those that it was trained on, and far less of it on others, with no
word about either (Graham et al. 2023, 2211.07740). How much is little enough is measured once for the weights, by
``animegen evaluate familiarity``, and lies beside them; of weights without that measurement nothing is believed.
"""

import json
from pathlib import Path
from typing import Final

import numpy as np
import torch
from PIL import Image

from animegen.pictures.sources import digest
from animegen.pipelines.engine import Engine
from animegen.pipelines.zero_shot import NOISES, add_noise, errors

FILE: Final = "familiarity.json"
PLAIN: Final = 8
"""A picture whose channels vary by no more, of 255, shows nothing."""


def is_familiar(engine: Engine, image: Image.Image) -> bool:
    """Say whether an RGB picture is like those that the model draws; in a blank one there is nothing to see."""
    if np.ptp(np.asarray(image), axis=(0, 1)).max() <= PLAIN:
        return False
    key = digest(image), engine.active_adapters
    if key not in engine.strangeness:
        engine.strangeness[key] = strangeness(engine, image)
    return engine.strangeness[key] <= bound(engine.parts.folder)


@torch.inference_mode()
def strangeness(engine: Engine, image: Image.Image) -> float:
    """Return the part of what there is to know of the noise on a picture that the network gets wrong, from 0.

    It is the mean square error of its answers, in the variance of the right ones over the picture.
    """
    latents, words = engine.pictures.encode(image), engine.encoder.encode([""])
    wrong = [float(errors(engine, latents, words, seed)) for seed in range(NOISES)]
    right = [float(add_noise(engine, latents, seed)[1].var(dim=(2, 3), correction=0).mean()) for seed in range(NOISES)]
    return sum(wrong) / sum(right)


def bound(folder: Path) -> float:
    """Return the strangeness up to which a picture is of the world of the weights in a folder; 0 if not measured."""
    file = folder / FILE
    return float(json.loads(file.read_bytes())["bound"]) if file.is_file() else 0.0
