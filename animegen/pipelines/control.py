"""What a ControlNet adds to the UNet, and in which steps (Zhang et al. 2023)."""

from dataclasses import dataclass
from typing import Any

from diffusers import ControlNetModel
from torch import Tensor


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """A ControlNet and what it looks at: ``edges`` [1, 3, height, width] of 0 and 1, as large as the pictures.

    ``scale`` is how much of what it says is added; ``steps`` are the numbers of the sampler's steps in which it acts.
    """

    network: ControlNetModel
    edges: Tensor
    scale: float
    steps: range

    def added(self, seen: Tensor, time: Tensor, words: Tensor) -> dict[str, Any]:
        """Return what the UNet takes beside its own input, for latents [count, ...] with the embeddings of each."""
        edges = self.edges.to(seen.dtype).expand(len(seen), -1, -1, -1)
        down, middle = self.network(seen, time, words, edges, conditioning_scale=self.scale, return_dict=False)
        return {"down_block_additional_residuals": down, "mid_block_additional_residual": middle}


def acting(steps: int, start: float, end: float) -> range:
    """Return the steps that lie wholly between ``start`` and ``end``, shares of the way from 0 to 1."""
    inside = [step for step in range(steps) if start <= step / steps and (step + 1) / steps <= end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)
