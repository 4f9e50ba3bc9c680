"""All chance of a run: a pure function of the seed and of what is drawn, so that nothing random has to be saved.

Numbers are drawn on the CPU, and are the same on every device, in every order, and however a batch is divided.
"""

from hashlib import blake2b

import torch


def seed_of(*parts: int | str) -> int:
    """Return a seed (63 bits) that is the same for the same parts, and unrelated for any other."""
    digest = blake2b(repr(parts).encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def generator(*parts: int | str) -> torch.Generator:
    """Return a CPU generator seeded by the parts: seed, epoch, number of the sample, what is drawn."""
    return torch.Generator().manual_seed(seed_of(*parts))
