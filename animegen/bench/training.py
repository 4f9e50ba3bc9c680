"""B9: steps of training a LoRA, by the trainer, and by a loop that encodes pictures and captions at every step."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import torch
from PIL import Image

from animegen.bench import speed
from animegen.bench.timing import WARM_UP
from animegen.bench.training_loop import Loop
from animegen.datasets.buckets import with_resolution
from animegen.datasets.layouts import read
from animegen.models import loading
from animegen.models.loading import Parts
from animegen.studio import Studio
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.interruption import Interruption
from animegen.training.process_group import ProcessGroup
from animegen.training.run_folder import AdapterFolder
from animegen.training.setup import Place, prepare
from animegen.training.trainer import Progress, Trainer

PICTURES: Final = 8
BATCH: Final = 4
STEPS: Final = 4
"""Steps of a round."""
CHECKED: Final = 8
"""Steps whose losses are compared before any is timed."""
CLOSE: Final = 1e-3
"""How far two losses of a step may lie apart, as a share of them."""


def measure(studio: Studio, rounds: int, steps: int = STEPS) -> speed.SpeedRow:
    """Compare and time rounds of ``steps`` steps, ``rounds`` times each way, in float32 on any device."""
    planned = CHECKED + (1 + WARM_UP + rounds) * steps
    with TemporaryDirectory() as folder, both(studio.parts, Path(folder), planned) as (plain, trainer):
        progress = trainer.train(Interruption(Path(folder), None))
        theirs, ours = plain.advance(CHECKED), advance(progress, CHECKED)
        side, rank = studio.row.native_size, trainer.recipe.adapter.rank
        return speed.measure(
            "B9",
            f"training, {side}x{side}, rank {rank} on q, k, v, {steps} steps of {BATCH} pictures, float32",
            match(theirs, ours),
            lambda _: plain.advance(steps),
            lambda _: advance(progress, steps),
            rounds,
        )


@contextmanager
def both(parts: Parts, folder: Path, steps: int) -> Iterator[tuple[Loop, Trainer]]:
    """Give a plain loop and a trainer with equal adapters, and for at least ``steps`` steps equal batches.

    The weights are those of ``parts``, loaded anew: what draws with them gets no adapter. ``folder`` is for the
    pictures and the run.
    """
    placement = replace(parts.placement, dtype=torch.float32, low_memory=False)
    own = loading.load(parts.row, placement, parts.folder)
    wanted = recipe(draw(folder / "pictures", parts.row.native_size), steps)
    data = with_resolution(wanted.data, parts.row.native_size)
    dataset = read(data)
    run = AdapterFolder(folder)
    run.begin(wanted)
    place = Place(folder=run, processes=ProcessGroup(), observe=_ignore, report=lambda *_: None)
    trainer = prepare(wanted, dataset, own, place)
    sized = wanted.model_copy(update={"data": data})
    yield Loop(parts, sized, dataset, trainer.epochs, trainer.tuned[0].parameters), trainer


def recipe(pictures: Path, steps: int) -> AdapterRecipe:
    """Return a recipe whose first epoch has at least ``steps`` steps; its loss is that of diffusers' script."""
    return AdapterRecipe.model_validate(
        {
            "name": "bench",
            "data": {"folder": pictures, "layout": "metadata", "repeats": -(-steps * BATCH // PICTURES) + 1},
            "adapter": {"rank": 32, "alpha": 32, "dropout": 0},
            "optimizer": {"learning_rate": 1e-3, "schedule": "constant", "warmup": 0},
            "loss": {"weighting": "uniform"},
            "epochs": 1,
            "batch_size": BATCH,
        }
    )


def draw(folder: Path, side: int) -> Path:
    """Write pictures of fading light, each of its own colours, with captions of their own, and return the folder."""
    folder.mkdir()
    fade = Image.radial_gradient("L").resize((side, side))
    lines = []
    for number in range(PICTURES):
        bands = (fade.rotate(45 * number), fade.point(lambda value, n=number: value * n // PICTURES), fade)
        Image.merge("RGB", bands).save(folder / f"{number}.png")
        lines.append(f'{{"file_name": "{number}.png", "text": "{speed.WORDS}, {speed.own_words(number)}"}}\n')
    (folder / "metadata.jsonl").write_text("".join(lines), encoding="utf-8")
    return folder


def advance(progress: Iterator[Progress], steps: int) -> list[float]:
    """Let the trainer make so many steps, and return their losses."""
    return [next(progress).loss for _ in range(steps)]


def match(plain: list[float], ours: list[float]) -> str | None:
    """Return in words how equal the losses of steps are, None where they differ too much to compare their speed."""
    difference = max(abs(one - other) / abs(one) for one, other in zip(plain, ours, strict=True))
    return f"max |d| {difference:.1e} of the losses of {len(ours)} steps" if difference < CLOSE else None


def _ignore(epoch: int, *, kept: bool) -> None:
    """Draw no samples and keep no epoch's weights."""
