"""By what equal and nearly equal pictures are recognised: a hash of the bytes, and one of the look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from animegen.datasets.pictures import open_still
from animegen.pictures.colours import to_srgb

HASH_SIDE: Final = 16
BITS: Final = HASH_SIDE**2
NEAR: Final = 12
"""Bits of 256 in which a picture differs at most from a resized, brightened or newly compressed copy of it.

Of chibi's drawings, two of the same character with other faces and nothing else differ in 14 or more.
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The sha256 of a file, and the bits of its perceptual hash (pHash) where the library for it is installed."""

    sha256: str
    look: NDArray[np.bool_] | None


def available() -> bool:
    """Say whether the library for hashes of the look is installed."""
    return find_spec("imagehash") is not None


def take(paths: Iterable[Path], background: str) -> Mapping[Path, Fingerprint]:
    """Return the fingerprints of readable pictures; transparent ones are laid on a ``background`` like ``#ffffff``."""
    looks = available()
    return {
        path: Fingerprint(sha256(path.read_bytes()).hexdigest(), _look(path, background) if looks else None)
        for path in paths
    }


def distances(looks: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return in how many bits each of some looks (a row each) differs from each other."""
    signs = np.where(looks, 1.0, -1.0).astype(np.float32)
    return ((BITS - signs @ signs.T) / 2).astype(np.int64)


def _look(path: Path, background: str) -> NDArray[np.bool_]:
    from imagehash import phash

    picture = to_srgb(open_still(path), background)[0]
    bits: NDArray[np.bool_] = phash(picture, HASH_SIDE).hash.ravel()
    return bits
