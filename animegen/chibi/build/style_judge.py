"""Training the style judge: renders of all looks and plain ones, each as it is and through the autoencoder.

Every style comes in both ways equally often, so that the autoencoder's blur says nothing about the style.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import torch
import typer
from diffusers import AutoencoderKL
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from animegen.chibi import artist
from animegen.chibi.artist.looks import finish
from animegen.chibi.build.autoencoder import reconstruct
from animegen.chibi.build.judge import disturb
from animegen.chibi.character import Character, characters
from animegen.chibi.style_judge import FILE, PLAIN, SIDE, STYLES, StyleJudge, save
from animegen.evaluation.metrics import share
from animegen.models.controlnet import weights_hash
from animegen.training.loop import Run
from animegen.training.recipe import Recipe

WEIGHTS: Final = Path(artist.__file__).parents[1] / "weights"
SEED: Final = 5
"""Of the characters: other ones than the generator and the other judges learn from."""
VALIDATION_SEED: Final = 31_000
WAYS: Final = ("as rendered", "through the autoencoder")
RECIPE: Final = Recipe(
    steps=500, batch_size=32, optimizer="muon", learning_rate=2e-3, warmup_steps=50, decay_steps=200,
    weight_decay=0.05, ema_decay=0.99, checkpoint_steps=250,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pool:
    """Pictures ``(N, 2, 3, SIDE, SIDE)`` in bytes, in each of WAYS, and the number in STYLES of each, ``(N,)``."""

    pictures: Tensor
    styles: Tensor

    def some(self, chosen: Tensor, ways: Tensor) -> Tensor:
        """Return pictures in [-1, 1], each in one way."""
        return self.pictures[chosen, ways].float() / 127.5 - 1


def make_pool(vae: AutoencoderKL, people: Sequence[Character], report: Callable[[str], None] = print) -> Pool:
    """Return renders of all characters in each style."""
    parts = []
    for number, person in enumerate(people, 1):
        renders = torch.from_numpy(np.stack(list(paint(person, number)))).permute(0, 3, 1, 2)
        decoded = reconstruct(vae, renders.float() / 127.5 - 1)
        parts.append(torch.stack([renders, ((decoded + 1) * 127.5).round().to(torch.uint8)], dim=1))
        if number % 25 == 0:
            report(f"style judge: {number} of {len(people)} characters drawn in {len(STYLES)} styles")
    return Pool(torch.cat(parts), torch.arange(len(STYLES)).repeat(len(people)))


def paint(person: Character, seed: int) -> Iterator[NDArray[np.uint8]]:
    """Yield the render of a character in each of STYLES, ``(SIDE, SIDE, 3)`` in bytes."""
    image = artist.draw(person, SIDE)
    return (np.asarray(image if style == PLAIN else finish(image, style, seed)) for style in STYLES)


def loss(judge: StyleJudge, pool: Pool, size: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Return the loss of a batch: half of the pictures mirrored, all a little shifted, softened and grainy."""
    chosen = torch.randint(len(pool.styles), (size,), generator=generator)
    ways, mirrored = (torch.rand(2, size, generator=generator) < 0.5).long()
    pictures = pool.some(chosen, ways)
    pictures = torch.where(mirrored.bool()[:, None, None, None], pictures.flip(-1), pictures)
    return {"loss": functional.cross_entropy(judge(disturb(pictures, generator)), pool.styles[chosen])}


@torch.inference_mode()
def validate(judge: StyleJudge, pool: Pool) -> dict[str, object]:
    """Return the share of right readings in each way, and through the autoencoder what each style is read as."""
    figures, rows = {}, torch.arange(len(pool.styles)).split(50)
    for way, name in enumerate(WAYS):
        read = torch.cat([judge(pool.some(part, torch.full_like(part, way))).argmax(dim=1) for part in rows])
        figures[f"right, {name}"] = asdict(share(int((read == pool.styles).sum()), len(read)))
    pairs = zip(pool.styles.tolist(), read.tolist(), strict=True)
    confusion: dict[str, dict[str, int]] = {style: {} for style in STYLES}
    for style, reading in pairs:
        row = confusion[STYLES[style]]
        row[STYLES[reading]] = row.get(STYLES[reading], 0) + 1
    return {"validation": figures, "confusion": confusion}


def train(
    vae: AutoencoderKL, folder: Path, *, count: int, held_out: int, recipe: Recipe = RECIPE,
    report: Callable[[str], None] = print,
) -> tuple[StyleJudge, dict[str, object]]:  # fmt: skip
    """Train a style judge on ``count`` characters; return it, and what is known about it from ``held_out`` others.

    Checkpoints go to ``folder``.
    """
    torch.manual_seed(0)
    pool = make_pool(vae, characters("train", SEED, count), report)
    judge = StyleJudge()
    run = Run.open(judge, recipe, folder)
    for progress in run.train(lambda generator: loss(judge, pool, recipe.batch_size, generator)):
        report(f"style judge: step {progress.step} of {progress.steps}, loss {progress.losses['loss']:.4f}")
    run.use_averaged()
    known = validate(judge, make_pool(vae, characters("validation", VALIDATION_SEED, held_out), report))
    return judge, known | {"characters": count, "held_out": held_out, "recipe": recipe.model_dump()}


def main(
    weights: Annotated[Path, typer.Option(help="The weights folder whose autoencoder is used.")] = WEIGHTS,
    out: Annotated[Path, typer.Option(help="The file to write.")] = WEIGHTS / FILE,
    folder: Annotated[Path, typer.Option(help="Where checkpoints go.")] = Path("runs/style_judge"),
    count: Annotated[int, typer.Option(help="How many characters are drawn, each in all styles.")] = 80,
    held_out: Annotated[int, typer.Option(help="How many characters it is measured on.")] = 40,
) -> None:
    """Train the style judge for a weights folder and print what is known about it."""
    vae = AutoencoderKL.from_pretrained(weights / "vae", dtype=torch.float32).eval()
    judge, about = train(vae, folder, count=count, held_out=held_out)
    about |= {"vae": weights_hash(weights / "vae")}
    save(judge, out, about)
    typer.echo(about)


if __name__ == "__main__":
    typer.run(main)
