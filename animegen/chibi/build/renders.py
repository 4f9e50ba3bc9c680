"""The artist's pictures as training data: drawn once by all cores, kept in shards, read as tensors."""

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from animegen import chibi
from animegen.chibi import artist
from animegen.chibi.build.networks import SIZE
from animegen.chibi.character import Character, Split, characters

SHARD: Final = 1_000
PART: Final = 250
"""Pictures that one process draws at a time."""
Result = TypeVar("Result")


class Renders:
    """Characters of one part and seed with their pictures, drawn to ``folder`` where they are missing.

    The folder's name carries a hash of the artist, so that pictures of an earlier artist are never mixed in.
    """

    def __init__(self, folder: Path, part: Split, seed: int, count: int, device: torch.device | str = "cpu") -> None:
        self.characters = characters(part, seed, count)
        self.device = torch.device(device)
        self.folder = folder / f"renders-{artist_hash()[:8]}" / f"{part}-{seed}"
        # A shard's name holds its size: the last one of a short run is not the one of a longer run.
        sizes = {first: min(SHARD, count - first) for first in range(0, count, SHARD)}
        self.shards = [self.folder / f"{first:07d}-{size}.npy" for first, size in sizes.items()]
        self._pictures: list[np.ndarray] = []
        self._pool: Tensor | None = None

    def __len__(self) -> int:
        return len(self.characters)

    def draw(self) -> Iterator[int]:
        """Draw the missing shards, yielding the number of pictures there are after each."""
        self.folder.mkdir(parents=True, exist_ok=True)
        missing = [(path, self._part(number)) for number, path in enumerate(self.shards) if not path.exists()]
        done = len(self) - sum(len(part) for _, part in missing)
        for count in spread(_draw_shard, missing):
            done += count
            yield done
        self._pictures = [np.load(path, mmap_mode="r") for path in self.shards]

    def keep_on_device(self) -> None:
        """Move all pictures into the memory of a GPU, 0.44 MB each; those of a processor stay in their files."""
        if self.device.type == "cpu":
            return
        self._pool = torch.empty((len(self), *self._pictures[0].shape[1:]), dtype=torch.uint8, device=self.device)
        for number, shard in enumerate(self._pictures):
            self._pool[number * SHARD : number * SHARD + len(shard)] = torch.from_numpy(np.ascontiguousarray(shard))

    def pictures(self, indices: Tensor) -> Tensor:
        """Return the pictures of the indices as ``(N, 3, H, W)`` in [-1, 1] on the device; `draw` must have ended."""
        if self._pool is None:
            rows = [self._pictures[index // SHARD][index % SHARD] for index in indices.tolist()]
            pixels = torch.from_numpy(np.stack(rows)).to(self.device)
        else:
            pixels = self._pool[indices.to(self.device)]
        return pixels.permute(0, 3, 1, 2).float() / 127.5 - 1

    def batches(self, size: int) -> Iterator[Tensor]:
        """Yield the indices of all pictures in order, ``size`` at a time."""
        return iter(torch.arange(len(self)).split(size))

    def _part(self, number: int) -> list[Character]:
        return list(islice(self.characters, number * SHARD, (number + 1) * SHARD))


def spread(work: Callable[..., Result], parts: Sequence[tuple[Any, ...]]) -> Iterator[Result]:
    """Yield what ``work`` returns for the arguments of each part, in order, done by all cores; one alone is done here.

    Workers start fresh: a fork would copy the state of torch's threads.
    """
    if len(parts) < 2:
        yield from (work(*part) for part in parts)
    else:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
            yield from pool.map(work, *zip(*parts, strict=True))


def artist_hash(folder: Path = Path(chibi.__file__).parent) -> str:
    """Return a hash of what the pictures depend on: the source of character and artist, without the looks."""
    drawing = (path for kind in ("py", "toml") for path in (folder / "artist").rglob(f"*.{kind}"))
    sources = [folder / "character.py", *(path for path in drawing if path.parent.name != "looks")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()


def render(people: Sequence[Character], size: int) -> Tensor:
    """Return renders of characters, ``(N, 3, size, size)`` in bytes; many are drawn by all cores."""
    parts = [(people[first : first + PART], size) for first in range(0, len(people), PART)]
    return torch.from_numpy(np.concatenate(list(spread(_draw, parts)))).permute(0, 3, 1, 2).contiguous()


def _draw(people: Sequence[Character], size: int) -> NDArray[np.uint8]:
    return np.stack([np.asarray(artist.draw(character, size)) for character in people])


def _draw_shard(path: Path, part: list[Character]) -> int:
    aside = path.with_suffix(".part")
    with aside.open("wb") as file:
        np.save(file, _draw(part, SIZE))
    aside.replace(path)
    return len(part)
