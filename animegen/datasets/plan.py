"""The order in which an epoch uses the samples: a pure function of dataset, recipe, seed and epoch."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random

from animegen.datasets.buckets import Size, bucket
from animegen.datasets.captions import compose
from animegen.datasets.dataset import Dataset, Sample
from animegen.datasets.recipe import DataRecipe


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """One use of a sample in an epoch, at the size of its bucket, mirrored or not, with the caption of this use.

    ``number`` is its place in the epoch: by seed, epoch and number all its chance is drawn.
    """

    sample: Sample
    number: int
    size: Size
    flipped: bool
    caption: str


Batch = tuple[Use, ...]
"""Uses of one size of pictures that make one optimizer step, all processes and accumulation together."""

Turn = tuple[Sample, bool]
"""A sample that has its turn in an epoch, and whether it is mirrored this time."""


def epoch(dataset: Dataset, recipe: DataRecipe, *, seed: int, epoch: int, batch: int) -> list[Batch]:
    """Return the batches of an epoch, which are counted from 0; the recipe's resolution is set.

    Each training sample is used as often as it repeats, and as many regularisation samples, where there are any. The
    last batch of a bucket may be smaller than ``batch``. Raises DatasetRefused as ``bucket`` does.
    """
    chance = Random(f"order {seed} {epoch}")
    groups: list[tuple[Size, Sequence[Turn]]] = []
    for size, turns in sorted(_by_size(dataset, recipe, epoch).items()):
        chance.shuffle(turns)
        groups += [(size, turns[start : start + batch]) for start in range(0, len(turns), batch)]
    chance.shuffle(groups)
    numbers = count()

    def use(size: Size, sample: Sample, flipped: bool) -> Use:
        number = next(numbers)
        caption = compose(sample, recipe, Random(f"caption {seed} {epoch} {number}"))
        return Use(sample=sample, number=number, size=size, flipped=flipped, caption=caption)

    return [tuple(use(size, *turn) for turn in turns) for size, turns in groups]


def steps(dataset: Dataset, recipe: DataRecipe, batch: int, epochs: int = 1) -> int:
    """Return the number of batches of the first ``epochs`` epochs.

    Epochs may differ in it, where regularisation samples of several buckets take turns.
    """
    groups = (_by_size(dataset, recipe, epoch) for epoch in range(epochs))
    return sum(-(-len(turns) // batch) for by_size in groups for turns in by_size.values())


def _by_size(dataset: Dataset, recipe: DataRecipe, epoch: int) -> Mapping[Size, list[Turn]]:
    """Return whose turn it is in an epoch, by the sizes of the buckets."""
    found: dict[Size, list[Turn]] = defaultdict(list)
    uses = sum(sample.repeats for sample in dataset.training)
    for samples in (dataset.training, dataset.regularization):
        sizes = [bucket(sample, recipe) for sample in samples]
        for place, flipped in _turns(samples, recipe, range(epoch * uses, (epoch + 1) * uses)):
            found[sizes[place]].append((samples[place], flipped))
    return found


def _turns(samples: Sequence[Sample], recipe: DataRecipe, numbers: range) -> Iterator[tuple[int, bool]]:
    """Yield whose uses have these numbers, where all samples take turns for ever, each as often a round as it repeats.

    Where the recipe flips, every second use of a sample is mirrored, and half of the samples begin with that.
    """
    repeats = max((sample.repeats for sample in samples), default=0)
    places = [
        (place, repeat) for repeat in range(repeats) for place, sample in enumerate(samples) if repeat < sample.repeats
    ]
    for number in numbers if places else ():
        rounds, at = divmod(number, len(places))
        place, repeat = places[at]
        use = rounds * samples[place].repeats + repeat
        yield place, recipe.flip and (use + place) % 2 == 1
