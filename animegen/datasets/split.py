"""Which pictures are kept for validation: decided by their paths alone, so that every machine keeps the same ones."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from animegen.datasets.dataset import Sample


def place(path: Path, root: Path) -> str:
    """Return the path of a file in its folder as every machine spells it: macOS takes accents and kana apart."""
    return normalize("NFC", path.relative_to(root).as_posix())


def split(samples: Sequence[Sample], root: Path, share: float) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Return the samples to train on and those kept for validation, each in the order given.

    Where ``share`` is above 0 and there are two or more, at least one is kept for either.
    """
    count = min(max(round(share * len(samples)), 1), len(samples) - 1) if share and samples else 0
    drawn = sorted(samples, key=lambda sample: sha256(place(sample.path, root).encode()).digest())
    kept = {sample.path for sample in drawn[:count]}
    training = tuple(sample for sample in samples if sample.path not in kept)
    return training, tuple(sample for sample in samples if sample.path in kept)
