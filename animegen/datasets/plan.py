"""The order in which an epoch uses the samples: a pure function of dataset, recipe, seed and epoch."""

from dataclasses import dataclass

from animegen.datasets.dataset import Sample


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """One use of a sample in an epoch, mirrored or not, with the caption of this use.

    ``number`` is its place in the epoch: by seed, epoch and number all its chance is drawn.
    """

    sample: Sample
    number: int
    flipped: bool
    caption: str


Batch = tuple[Use, ...]
"""Uses of one size of pictures that make one optimizer step, all processes and accumulation together."""
