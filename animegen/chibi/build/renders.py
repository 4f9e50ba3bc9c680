"""The artist's pictures as training data: drawn once by all cores, kept in shards, read as tensors."""

import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor

from animegen.chibi import artist
from animegen.chibi.build.networks import SIZE
from animegen.chibi.character import Character, Split, characters

SHARD: Final = 1_000


class Renders:
    """Characters of one part and seed with their pictures, drawn to ``folder`` where they are missing.

    The folder's name carries a hash of the artist, so that pictures of an earlier artist are never mixed in.
    """

    def __init__(self, folder: Path, part: Split, seed: int, count: int) -> None:
        self.characters = characters(part, seed, count)
        self.folder = folder / f"renders-{artist_hash()[:8]}" / f"{part}-{seed}"
        # A shard's name says how many it holds: the last one of a short run is not the one of a longer run.
        sizes = {first: min(SHARD, count - first) for first in range(0, count, SHARD)}
        self.shards = [self.folder / f"{first:07d}-{size}.npy" for first, size in sizes.items()]
        self._pictures: list[np.ndarray] = []

    def __len__(self) -> int:
        return len(self.characters)

    def draw(self) -> Iterator[int]:
        """Draw the missing shards, yielding the number of pictures there are after each."""
        self.folder.mkdir(parents=True, exist_ok=True)
        missing = [(path, self._part(number)) for number, path in enumerate(self.shards) if not path.exists()]
        done = len(self) - sum(len(part) for _, part in missing)
        for count in _drawn(missing):
            done += count
            yield done
        self._pictures = [np.load(path, mmap_mode="r") for path in self.shards]

    def pictures(self, indices: Tensor) -> Tensor:
        """Return the pictures of the indices as ``(N, 3, H, W)`` in [-1, 1]; ``draw`` must have run to its end."""
        rows = [self._pictures[index // SHARD][index % SHARD] for index in indices.tolist()]
        return torch.from_numpy(np.stack(rows)).permute(0, 3, 1, 2).float() / 127.5 - 1

    def batches(self, size: int) -> Iterator[Tensor]:
        """Yield the indices of all pictures in order, ``size`` at a time."""
        return iter(torch.arange(len(self)).split(size))

    def _part(self, number: int) -> list[Character]:
        return list(islice(self.characters, number * SHARD, (number + 1) * SHARD))


def artist_hash() -> str:
    """Return a hash of the artist's source: what its pictures depend on, with the character."""
    sources = sorted(Path(artist.__file__).parent.rglob("*.py")) + sorted(Path(artist.__file__).parent.rglob("*.toml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


def _drawn(missing: list[tuple[Path, list[Character]]]) -> Iterator[int]:
    """Draw shards by all cores, yielding how many pictures each holds; a single one is drawn before a core starts."""
    if len(missing) < 2:
        yield from (_draw_shard(*shard) for shard in missing)
        return
    # Workers start fresh: a fork would copy the state of torch's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        yield from pool.map(_draw_shard, *zip(*missing, strict=True))


def _draw_shard(path: Path, part: list[Character]) -> int:
    pictures = np.stack([np.asarray(artist.draw(character, SIZE)) for character in part])
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        np.save(file, pictures)
    aside.replace(path)
    return len(part)
