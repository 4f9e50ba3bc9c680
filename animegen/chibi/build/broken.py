"""Training the detector of broken pictures: renders through the autoencoder, sound ones and ones with made faults."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Final

import torch
import typer
from diffusers import AutoencoderKL
from torch import Tensor
from torch.nn import functional

from animegen.chibi import artist
from animegen.chibi.broken import FILE, KINDS, OUTPUTS, Detector, save, window
from animegen.chibi.build.autoencoder import reconstruct
from animegen.chibi.build.faults import ALONE, DONORS, Faces, donor, places, spoil, visible
from animegen.chibi.build.renders import render
from animegen.chibi.character import Character, characters
from animegen.evaluation.metrics import share
from animegen.models.controlnet import weights_hash
from animegen.training.loop import Run
from animegen.training.recipe import Recipe

WEIGHTS: Final = Path(artist.__file__).parents[1] / "weights"
SEED: Final = 3
"""Of the characters: other ones than the generator and the judge learn from."""
VALIDATION_SEED: Final = 30_000
SHIFT: Final = 5
"""Pixels of its window that a training picture may be shifted by."""
SOUND: Final = 0.45
"""The share of training pictures without a fault."""
FALSE_ALARMS: Final = 0.02
"""The share of sound validation renders that may be called broken; each kind of fault gets half of it."""
RECIPE: Final = Recipe(steps=2_000, batch_size=96, learning_rate=1.5e-3, decay_steps=700, weight_decay=0.05)


@dataclass(frozen=True, slots=True)
class Pool:
    """Windows of renders and of their donors after the autoencoder, ``(N, 3, S, S)`` bytes; what they are of.

    ``kinds`` is the number in KINDS of the fault that each donor is for, ``places`` those of ``Faces``.
    """

    windows: Tensor
    donors: Tensor
    places: Tensor
    kinds: Tensor
    people: list[Character]

    def faces(self, chosen: Tensor) -> Faces:
        """Return the faces of some numbers, with windows in [-1, 1]."""
        windows, donors = (each[chosen.to(each.device)].float() / 127.5 - 1 for each in (self.windows, self.donors))
        return Faces(windows, donors, self.places[chosen.to(self.places.device)])


def train_broken(
    vae: AutoencoderKL,
    device: torch.device,
    *,
    size: int,
    folder: Path,
    count: int = 6_000,
    recipe: Recipe = RECIPE,
    report: Callable[[str], None] = print,
) -> tuple[Detector, dict[str, object]]:
    """Train a detector for pictures of ``size`` pixels; return it with its thresholds, and what is known about it.

    Checkpoints go to ``folder``; ``count`` renders are drawn, and as many donors.
    """
    torch.manual_seed(0)
    rng = random.Random(SEED)
    known = characters("train", SEED, count)
    pool = make_pool(vae.to(device), known, rng, size)
    report(f"broken: {len(known)} renders and their donors are through the autoencoder")
    detector = Detector().to(device)
    run = Run.open(detector, recipe, folder)
    for progress in run.train(lambda generator: loss(detector, pool, recipe.batch_size, generator)):
        report(f"broken: step {progress.step} of {progress.steps}, loss {progress.losses['loss']:.4f}")
    run.use_averaged()
    held_out = characters("validation", VALIDATION_SEED, max(60, min(2_000, len(known) // 3)))
    about = validate(detector, make_pool(vae, held_out, rng, size))
    return detector.eval(), about | {"renders": len(known), "size": size, "recipe": recipe.model_dump()}


def make_pool(vae: AutoencoderKL, people: Sequence[Character], rng: random.Random, size: int) -> Pool:
    """Return renders and donors of characters, all through the autoencoder, on the autoencoder's device."""
    chosen = [donor(person, rng) for person in people]
    kinds = torch.tensor([KINDS.index(DONORS[name]) for name, _ in chosen])
    at = torch.tensor([places(person) for person in people], device=vae.device)
    windows, donors = (_through(vae, render(some, size)) for some in (people, [person for _, person in chosen]))
    return Pool(windows, donors, at, kinds, list(people))


def _through(vae: AutoencoderKL, pictures: Tensor) -> Tensor:
    """Return the windows of pictures after the autoencoder, as bytes on its device."""
    found = []
    for some in pictures.split(64 if vae.device.type == "cuda" else 8):
        decoded = window(reconstruct(vae, some.to(vae.device).to(vae.dtype) / 127.5 - 1).float())
        found.append(((decoded + 1) * 127.5).round().clamp(0, 255).to(torch.uint8))
    return torch.cat(found)


def batch(pool: Pool, chosen: Tensor, sound: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Return windows of some faces, all but the ``sound`` ones spoilt, and what they show of OUTPUTS, ``(N, K)``.

    Half of the faults are those that the donors are for. A fault that can hardly be seen is none.
    """
    faces = pool.faces(chosen)
    kinds = pool.kinds[chosen].clone()
    free = torch.rand(len(chosen), generator=generator) < 0.5
    alone = torch.tensor([KINDS.index(kind) for kind in ALONE])
    kinds[free] = alone[torch.randint(len(alone), (int(free.sum()),), generator=generator)]
    kinds[sound] = -1
    # A donor is a sound picture too.
    swapped = (free | sound) & (torch.rand(len(chosen), generator=generator) < 0.5)
    pictures = torch.where(swapped.to(faces.windows.device)[:, None, None, None], faces.donors, faces.windows)
    shown = torch.zeros(len(chosen), len(OUTPUTS))
    for number, kind in enumerate(KINDS):
        rows = (kinds == number).nonzero().flatten()
        if len(rows):
            at = rows.to(pictures.device)
            some = Faces(pictures[at], faces.donors[at], faces.places[at])
            spoilt = spoil(some, kind, generator)
            seen = visible(some.windows, spoilt)
            pictures[at] = spoilt
            shown[rows, 0] = shown[rows, 1 + number] = seen.float().cpu()
    return pictures, shown


def loss(detector: Detector, pool: Pool, size: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Return the loss of a batch of ``size`` faces, some of them spoilt: of all outputs, each as it is shown."""
    chosen = torch.randint(len(pool.people), (size,), generator=generator)
    sound = torch.rand(size, generator=generator) < SOUND
    pictures, shown = batch(pool, chosen, sound, generator)
    mirrored = (torch.rand(size, generator=generator) < 0.5).to(pictures.device)[:, None, None, None]
    pictures = torch.where(mirrored, pictures.flip(-1), pictures)
    logits = detector(_disturbed(pictures, generator))
    losses = functional.binary_cross_entropy_with_logits(logits.float(), shown.to(logits.device), reduction="none")
    return {"loss": losses.mean(dim=0).sum()}


def _disturbed(pictures: Tensor, generator: torch.Generator) -> Tensor:
    """Return pictures a little shifted, softened and grainy, and in a slightly other light: none of that is a fault."""
    count, device = len(pictures), pictures.device
    chance = torch.Generator(device).manual_seed(int(torch.randint(2**62, (1,), generator=generator)))

    def some(*shape: int) -> Tensor:
        return torch.rand(count, *shape, generator=chance, device=device)

    down, right = torch.randint(2 * SHIFT + 1, (2,), generator=generator).tolist()
    shifted = functional.pad(pictures, (SHIFT,) * 4, mode="replicate")[..., down:, right:]
    shifted = shifted[..., : pictures.shape[-2], : pictures.shape[-1]]
    soft = functional.avg_pool2d(functional.pad(shifted, (1,) * 4, mode="replicate"), 3, stride=1)
    light, tint = 1 + 0.15 * (some(1, 1, 1) - 0.5), 0.1 * (some(3, 1, 1) - 0.5)
    grain = torch.randn(shifted.shape, generator=chance, device=device) * 0.06 * some(1, 1, 1)
    return torch.lerp(shifted, soft, some(1, 1, 1)) * light + tint + grain


@torch.inference_mode()
def validate(detector: Detector, pool: Pool) -> dict[str, object]:
    """Set the thresholds from sound renders of the pool's first half, and measure on its second half.

    Returns figures of the false alarms and of the recall of each kind of fault: how often such a picture is called
    broken. A sleeper with one open eye is found by its lid.
    """
    half = len(pool.people) // 2
    sound = _logits(detector, pool, torch.arange(half), None)
    allowed = torch.tensor([FALSE_ALARMS] + [FALSE_ALARMS / 2] * len(KINDS))
    levels = [torch.quantile(sound[:, k], 1 - allowed[k]) for k in range(len(OUTPUTS))]
    detector.thresholds.copy_(torch.stack(levels))
    limit, rest = detector.thresholds.cpu(), torch.arange(half, len(pool.people))
    again = _logits(detector, pool, rest, None)
    found = {kind: _logits(detector, pool, rest, kind)[:, 0] > limit[0] for kind in KINDS}
    figures = {"false alarms": share(int((again[:, 0] > limit[0]).sum()), len(again))}
    figures |= {f"recall of {kind}": share(int(each.sum()), len(each)) for kind, each in found.items()}
    asleep = torch.tensor([person.emotion == "sleepy" for person in pool.people])[rest]
    lids = _logits(detector, pool, rest[asleep], "lid")[:, 1 + KINDS.index("lid")]
    figures["recall of one-eyed sleepers"] = share(int((lids > limit[1 + KINDS.index("lid")]).sum()), len(lids))
    return {"validation": {name: asdict(figure) for name, figure in figures.items()}}


def _logits(detector: Detector, pool: Pool, chosen: Tensor, kind: str | None) -> Tensor:
    """Return the logits of some faces: as they are, or those of a visible fault of a kind that they can have."""
    found, generator = [torch.zeros(0, len(OUTPUTS))], torch.Generator().manual_seed(0)
    if kind is not None and kind not in ALONE:
        chosen = chosen[pool.kinds[chosen] == KINDS.index(kind)]
    for some in chosen.split(50):
        faces = pool.faces(some)
        pictures = faces.windows
        if kind is not None:
            spoilt = spoil(faces, kind, generator)
            pictures = spoilt[visible(pictures, spoilt)]
        found.append(detector(pictures).float().cpu())
    return torch.cat(found)


def main(
    weights: Annotated[Path, typer.Option(help="The weights folder whose autoencoder is used.")] = WEIGHTS,
    out: Annotated[Path, typer.Option(help="The file to write.")] = WEIGHTS / FILE,
    folder: Annotated[Path, typer.Option(help="Where checkpoints go.")] = Path("runs/broken"),
    renders: Annotated[int, typer.Option(help="How many characters are drawn.")] = 6_000,
    steps: Annotated[int, typer.Option(help="Optimizer steps.")] = RECIPE.steps,
    device: Annotated[str, typer.Option(help="A torch device.")] = "cuda" if torch.cuda.is_available() else "cpu",
) -> None:
    """Train the detector of broken pictures for a weights folder and print what is known about it."""
    vae = AutoencoderKL.from_pretrained(weights / "vae", dtype=torch.float32).eval()
    recipe = RECIPE.model_copy(update={"steps": steps, "decay_steps": steps // 3})
    detector, about = train_broken(
        vae, torch.device(device), size=native_size(weights), folder=folder, count=renders, recipe=recipe
    )
    about |= {"vae": weights_hash(weights / "vae")}
    save(detector, out, about)
    typer.echo(about)


def native_size(weights: Path) -> int:
    """Return the side of the pictures that a weights folder is made for, from its configs."""
    unet, vae = (json.loads((weights / part / "config.json").read_bytes()) for part in ("unet", "vae"))
    return int(unet["sample_size"]) * 2 ** (len(vae["block_out_channels"]) - 1)


if __name__ == "__main__":
    typer.run(main)
