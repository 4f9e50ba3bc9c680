"""What a run will do, as numbers, before its first step: folders, steps, rates, buckets and the file to come.

No network is built and no picture decoded.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from animegen.datasets import plan as order
from animegen.datasets.buckets import bucket
from animegen.datasets.captions import compose
from animegen.datasets.dataset import Dataset, Sample
from animegen.datasets.lint import within
from animegen.datasets.recipe import DataRecipe, Layout
from animegen.lora_files.bases import Part
from animegen.lora_files.layout import Layers
from animegen.training import targets
from animegen.training.adapter_recipe import AdapterRecipe, Initialization, Method, Section
from animegen.training.schedule import peak, rate, stages, warmup_steps

HALF: Final = 2
"""Bytes of a number in the file, which is float16."""
KNOWN_SIZE: Final[tuple[Method, ...]] = ("lora", "rslora")
"""Methods whose file holds what is trained; the others are approximated at export, by ranks that are not known yet."""
DOUBLED: Final[tuple[Initialization, ...]] = ("pissa", "olora")
"""Initialisations that export subtracts from what was learned: a difference of twice the rank."""


class Folder(Section):
    """A folder as it was understood; pictures ``kept`` for validation are among its ``pictures``."""

    path: str
    words: str
    repeats: int
    pictures: int
    captioned: int
    kept: int
    regularization: bool


class Bucket(Section):
    """How many pictures are trained at a size, those of regularisation included."""

    width: int
    height: int
    pictures: int


class Regularization(Section):
    """How many pictures stand for the class, how often in an epoch all of them together, and how much each counts."""

    pictures: int
    uses: int
    weight: float


class Network(Section):
    """The layers of a network that get an adapter, and the numbers in its file, unknown before some conversions."""

    part: Part
    layers: int
    parameters: int | None


class Stage(Section):
    """The learning rate of each network's adapter at a step."""

    step: int
    rates: dict[Part, float]


class Plan(Section):
    """What a run will do. ``steps`` counts optimizer steps; ``seconds_a_step`` is unknown until it is measured."""

    layout: Layout
    folders: tuple[Folder, ...]
    caption: str
    """What the first picture is trained under when nothing is shuffled or dropped."""
    buckets: tuple[Bucket, ...]
    uses: int
    """Times a picture is trained on in an epoch, repeats included and regularisation not."""
    regularization: Regularization | None
    batch: int
    """Pictures a step, all processes and accumulation together."""
    steps_an_epoch: int
    """Of the first epoch."""
    steps: int
    epochs: int
    warmup: int
    stages: tuple[Stage, ...]
    networks: tuple[Network, ...]
    seconds_a_step: float | None = None

    @property
    def bytes(self) -> int | None:
        """Return the size of the numbers in the exported file, without its header."""
        counts = [network.parameters for network in self.networks]
        return None if None in counts or not counts else HALF * sum(count or 0 for count in counts)


def make_plan(
    recipe: AdapterRecipe, dataset: Dataset, layers: Mapping[Part, Layers], *, processes: int = 1,
    seconds_a_step: float | None = None,
) -> Plan:  # fmt: skip
    """Return the plan of a recipe, whose data has a resolution, on a base with these layers; none are unknown ones.

    Raises DatasetRefused when there is nothing to train on, or a picture may not be enlarged.
    """
    data, batch = recipe.data, recipe.batch_size * recipe.accumulation * processes
    planned = order.steps(dataset, data, batch, recipe.epochs)
    steps = min(planned, recipe.max_steps or planned)
    uses, added = sum(sample.repeats for sample in dataset.training), len(dataset.regularization)
    return Plan(
        layout=data.layout,
        folders=tuple(_folders(dataset, data)),
        caption=compose(dataset.training[0], data, None),
        buckets=_buckets(recipe, dataset),
        uses=uses,
        regularization=Regularization(pictures=added, uses=uses, weight=data.prior_loss_weight) if added else None,
        batch=batch,
        steps_an_epoch=order.steps(dataset, data, batch),
        steps=steps,
        epochs=recipe.epochs,
        warmup=warmup_steps(recipe.optimizer, steps),
        stages=tuple(_stage(recipe, step, steps) for step in stages(recipe.optimizer, steps)),
        networks=tuple(_network(recipe, part, layers[part]) for part in recipe.adapter.parts if part in layers),
        seconds_a_step=seconds_a_step,
    )


def _folders(dataset: Dataset, recipe: DataRecipe) -> Iterator[Folder]:
    groups: dict[tuple[Path, str, int, bool], list[Sample]] = defaultdict(list)
    for sample in (*dataset.training, *dataset.validation, *dataset.regularization):
        groups[sample.path.parent, sample.folder_words, sample.repeats, sample.regularization].append(sample)
    kept = set(dataset.validation)
    for (path, words, repeats, added), samples in groups.items():
        yield Folder(
            path=within(path, recipe),
            words=words,
            repeats=repeats,
            pictures=len(samples),
            captioned=sum(sample.captioned for sample in samples),
            kept=len(kept.intersection(samples)),
            regularization=added,
        )


def _buckets(recipe: AdapterRecipe, dataset: Dataset) -> tuple[Bucket, ...]:
    counts = Counter(bucket(sample, recipe.data) for sample in dataset.training + dataset.regularization)
    return tuple(Bucket(width=size[0], height=size[1], pictures=count) for size, count in sorted(counts.items()))


def _stage(recipe: AdapterRecipe, step: int, steps: int) -> Stage:
    share = rate(recipe.optimizer, step, steps)
    return Stage(step=step, rates={part: share * peak(recipe.optimizer, part) for part in recipe.adapter.parts})


def _network(recipe: AdapterRecipe, part: Part, layers: Layers) -> Network:
    adapter = recipe.adapter
    targeted = targets.layers(adapter.targets, layers)
    rank = 2 * adapter.rank if adapter.initialization in DOUBLED else adapter.rank
    count = targets.parameters(targeted, rank) if adapter.method in KNOWN_SIZE else None
    return Network(part=part, layers=len(targeted), parameters=count)
