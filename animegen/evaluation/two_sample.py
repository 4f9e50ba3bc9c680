"""Can two sets of pictures be distinguished? The held-out accuracy of a classifier that learns to (50 %: they cannot).

Lopez-Paz and Oquab 2017, "Revisiting Classifier Two-Sample Tests". The classifier looks at patches: it is fully
convolutional and takes pictures of any size, at the size they have.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from animegen.evaluation import clusters
from animegen.evaluation.metrics import Figure

CROP: Final = 128
WIDTHS: Final = (16, 32, 64, 96)
HELD_OUT: Final = 0.4
BATCH: Final = 32
RATE: Final = 2e-3


class Classifier(nn.Sequential):
    """A logit for each patch of pictures ``(N, 3, H, W)`` in [-1, 1]; a picture's is the mean of its patches'."""

    def __init__(self) -> None:
        layers: list[nn.Module] = []
        # The first layer keeps every pixel: what gives drawings away is as fine as a line's edge.
        for before, width, stride in zip((3, *WIDTHS), (*WIDTHS, WIDTHS[-1]), (1, 2, 2, 2, 1), strict=True):
            layers += [nn.Conv2d(before, width, 3, stride, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        layers += [nn.Conv2d(WIDTHS[-1], 1, 1)]
        super().__init__(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        """Return a logit a picture, ``(N,)``."""
        return super().forward(pictures).mean(dim=(1, 2, 3))


def accuracy(
    left: Tensor, right: Tensor, *, steps: int = 400, seed: int = 0, device: torch.device | str = "cpu",
    report: Callable[[str], None] = lambda _: None,
) -> Figure:  # fmt: skip
    """Return how often an unseen picture is assigned to its set, in an interval by pairs.

    ``left`` and ``right`` are ``(N, 3, H, W)`` in bytes, and what is at one place in both belongs together (a drawing
    and the render of its character): pairs are trained on or held out whole. Raises ValueError on fewer than ten
    pairs or sets of unlike shapes.
    """
    if left.shape != right.shape or len(left) < 10:
        raise ValueError(f"two sets of at least ten pictures each are needed, of one shape, not {left.shape}")
    order = torch.randperm(len(left), generator=torch.Generator().manual_seed(seed))
    held_out, known = order.split([round(HELD_OUT * len(order)), len(order) - round(HELD_OUT * len(order))])
    classifier = _train((left[known], right[known]), steps, seed, torch.device(device), report)
    right_answers = torch.stack([_logits(classifier, left[held_out]) < 0, _logits(classifier, right[held_out]) > 0], 1)
    counts = np.stack([right_answers.sum(dim=1).numpy(), np.full(len(held_out), 2)], axis=1)
    return clusters.share(counts)


def _train(
    sets: tuple[Tensor, Tensor], steps: int, seed: int, device: torch.device, report: Callable[[str], None]
) -> Classifier:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        classifier = Classifier().to(device)
    chance = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    wanted = torch.tensor([0.0, 1.0], device=device).repeat_interleave(BATCH // 2)
    for step in range(1, steps + 1):
        batch = _crops(sets, BATCH // 2, chance).to(device)
        loss = functional.binary_cross_entropy_with_logits(classifier(batch.float() / 127.5 - 1), wanted)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 100 == 0:
            report(f"two-sample: step {step} of {steps}, loss {loss.item():.3f}")
    return classifier.eval()


def _crops(sets: tuple[Tensor, Tensor], count: int, chance: torch.Generator) -> Tensor:
    """Return crops of ``count`` pairs by chance, half of them mirrored: first those of one set, then of the other.

    Both crops of a pair are of one place, so that what differs between them is what is to be learnt.
    """
    height, width = sets[0].shape[-2:]
    side = min(CROP, height, width)
    rows = torch.randint(len(sets[0]), (count,), generator=chance).tolist()
    down, across = (torch.randint(n - side + 1, (count,), generator=chance).tolist() for n in (height, width))
    found = [
        pictures[row, :, top : top + side, left : left + side]
        for pictures in sets
        for row, top, left in zip(rows, down, across, strict=True)
    ]
    mirrored = (torch.rand(count, generator=chance) < 0.5).repeat(2)[:, None, None, None]
    crops = torch.stack(found)
    return torch.where(mirrored.to(crops.device), crops.flip(-1), crops)


@torch.inference_mode()
def _logits(classifier: Classifier, pictures: Tensor) -> Tensor:
    device = next(classifier.parameters()).device
    return torch.cat([classifier(some.to(device).float() / 127.5 - 1).cpu() for some in pictures.split(16)])
