"""Keeping to a picture: what words change in it is drawn as they say, and everything else stays as it is.

Several pictures are drawn from one noise together, the first of them from plain words. Where other words want
something else is where the network's answers to both differ on the very same latents (Couairon et al. 2022, DiffEdit);
there a picture follows its own words, and elsewhere the answers of the first (Avrahami et al. 2022, blended latents).
As every sampler treats each latent by itself, what follows the first one's answers is the first one's drawing.

A mask that finds the face by itself serves any model, which a box around chibi's faces would not. Eyes are kept where
their colour is said, to which ``expression_sheet`` sees; ``animegen evaluate expression-sheet`` measures all of it.
"""

from collections.abc import Sequence

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

FLOOR, FULL = 2.0, 5.0
"""Differences are masked out up to FLOOR and followed from FULL on, in units of the median over the picture."""


class Keeper:
    """Holds the pictures of one batch to the first of them, outside the masks that its first answers give."""

    def __init__(self) -> None:
        self._masks: Tensor | None = None

    def guide(self, answers: Tensor) -> Tensor:
        """Return the network's answers [count, channels, height, width], the first's where a picture shall not change.

        The masks are found in the first call, in which all latents must be equal.
        """
        if self._masks is None:
            self._masks = masks(answers)
        return torch.lerp(answers[:1], answers, self._masks)

    def paste(self, images: Sequence[Image.Image]) -> tuple[Image.Image, ...]:
        """Return the pictures with all that their masks do not touch as it is in the first, to the bit.

        The decoder sees the whole picture at once, so that a smile would change the background by a grey level.
        """
        if self._masks is None:
            raise ValueError("nothing was drawn yet")
        first = images[0]
        touched = F.max_pool2d(self._masks, 3, 1, 1)
        wide = F.interpolate(touched, (first.height, first.width), mode="bilinear").clamp(0, 1)
        grey = [Image.fromarray(mask) for mask in wide[:, 0].mul(255).round().byte().cpu().numpy()]
        return tuple(Image.composite(image, first, mask) for image, mask in zip(images, grey, strict=True))


def masks(answers: Tensor) -> Tensor:
    """Return how far each picture may leave the first, [count, 1, height, width] from 0 to 1, with soft edges.

    ``answers`` are what the network says to each picture's words about equal latents. What most of a picture differs
    by is noise: a mask rises where the difference stands out of its median.
    """
    difference = (answers - answers[:1]).abs().mean(dim=1, keepdim=True)
    noise = difference.flatten(1).median(dim=1).values.view(-1, 1, 1, 1)
    wide = F.max_pool2d(difference, 3, 1, 1) / noise.clamp_min(torch.finfo(noise.dtype).tiny)
    rising = ((wide - FLOOR) / (FULL - FLOOR)).clamp(0, 1)
    return F.avg_pool2d(rising, 3, 1, 1, count_include_pad=False)
