"""Which pictures a model knows: how strange the artist's own and other pictures are to it, and the bound between."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from animegen.chibi.artist import draw as render
from animegen.chibi.artist.looks import LOOKS, finish
from animegen.chibi.character import characters
from animegen.models import loading
from animegen.pictures import edges
from animegen.pipelines.familiarity import FILE, strangeness
from animegen.studio import Studio

OWN: Final = "renders"
Make = Callable[[int, int], Image.Image]
"""Makes the picture of a number at a size, the same one each time."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How strange ``n`` pictures of one kind are, and the share of them that lies within the bound."""

    n: int
    lowest: float
    median: float
    highest: float
    known: float


def measure(
    studio: Studio, *, count: int, report: Callable[[str], None], keep: bool = False, folder: Path | None = None
) -> float:
    """Measure ``count`` pictures of each kind, report how they lie, and return the bound; ``keep`` it with the weights.

    The bound is the middle between the strangest render that is less strange than every foreign picture, and the least
    strange of those. The looks have no part in it: where it lies decides whether they are known.
    """
    engine, size = studio.engine, studio.row.native_size
    found: dict[str, list[float]] = {}
    for kind, make in {**KINDS, **LOOKED}.items():
        found[kind] = sorted(strangeness(engine, make(number, size)) for number in range(count))
        report(f"{kind}: {found[kind][0]:.3f} to {found[kind][-1]:.3f}, median {median(found[kind]):.3f}")
    foreign = min(found[kind][0] for kind in KINDS if kind != OWN)
    limit = round((max(each for each in found[OWN] if each < foreign) + foreign) / 2, 4)
    spreads = {kind: describe(values, limit) for kind, values in found.items()}
    report(f"bound {limit}: " + ", ".join(f"{kind} {one.known:.0%}" for kind, one in spreads.items()))
    if keep:
        path = (folder or loading.folder_of(studio.row)) / FILE
        report(f"written to {write(path, limit, spreads)}")
    return limit


def describe(values: list[float], limit: float) -> Spread:
    """Return how sorted values lie about a bound."""
    known = sum(value <= limit for value in values) / len(values)
    low, middle, high = (round(value, 4) for value in (values[0], median(values), values[-1]))
    return Spread(len(values), low, middle, high, round(known, 4))


def write(path: Path, limit: float, spreads: Mapping[str, Spread]) -> Path:
    """Write the bound with what it was measured on, and return the path."""
    measured = {kind: asdict(one) for kind, one in spreads.items()}
    path.write_text(json.dumps({"bound": limit, "measured": measured}, indent=2) + "\n", encoding="utf-8")
    return path


def _own(number: int, size: int) -> Image.Image:
    return render(characters("validation", number, 1)[0], size)


def _looked(look: str, number: int, size: int) -> Image.Image:
    return finish(_own(number, size), look, number)


def _line_art(number: int, size: int) -> Image.Image:
    return ImageOps.invert(edges.trace(_own(number, size), "photo")).convert("RGB")


def _displaced(number: int, size: int) -> Image.Image:
    """Return a render half as large again, of which a corner is seen."""
    large = _own(number, size * 3 // 2)
    left, top = (random.Random(number + side).choice((0, size // 2)) for side in (0, 1))
    return large.crop((left, top, left + size, top + size))


def _noise(number: int, size: int) -> Image.Image:
    cells = max(2, size >> number % 7)
    colours = np.random.default_rng(number).integers(0, 256, (cells, cells, 3), dtype=np.uint8)
    return Image.fromarray(colours).resize((size, size), Image.Resampling.BICUBIC)


def _scene(number: int, size: int) -> Image.Image:
    """Return a photograph of nothing: light that falls off, a few soft shapes, and grain."""
    rng = np.random.default_rng(number)
    down, right = np.mgrid[0:size, 0:size] / size
    slope = rng.uniform(-1, 1) * down + rng.uniform(-1, 1) * right
    page = rng.uniform(40, 215, 3) + slope[..., None] * rng.uniform(40, 160)
    for _ in range(rng.integers(1, 7)):
        (x, y), wide = rng.uniform(0, 1, 2), rng.uniform(0.02, 0.2)
        mask = np.exp(-((((right - x) ** 2 + (down - y) ** 2) / wide**2) ** rng.uniform(0.5, 4)))[..., None]
        page = page * (1 - mask) + rng.uniform(0, 255, 3) * mask
    grain = rng.normal(0, rng.uniform(2, 12), (size, size, 1))
    return Image.fromarray((page + grain).clip(0, 255).astype(np.uint8))


def _scribble(number: int, size: int) -> Image.Image:
    """Return a face of few lines, as a child draws it."""
    rng = random.Random(number)
    page = Image.new("RGB", (size, size), "white")
    pen, ink, wide = ImageDraw.Draw(page), rng.choice(("black", "navy", "brown")), max(1, size // rng.randint(64, 128))

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return tuple((side + rng.uniform(-0.04, 0.04)) * size for side in (left, top, right, bottom))

    pen.ellipse(box(0.2, 0.2, 0.8, 0.85), outline=ink, width=wide)
    for left in (0.33, 0.56):
        pen.ellipse(box(left, 0.4, left + 0.12, 0.55), outline=ink, width=wide)
    pen.arc(box(0.4, 0.6, 0.6, 0.75), 0, 180, fill=ink, width=wide)
    for _ in range(12):
        pen.line(box(rng.uniform(0.2, 0.8), 0.15, rng.uniform(0.2, 0.8), 0.4), fill=ink, width=wide)
    return page


KINDS: Final[Mapping[str, Make]] = {
    OWN: _own, "line art": _line_art, "scribbles": _scribble, "displaced": _displaced, "noise": _noise,
    "scenes": _scene,
}  # fmt: skip
"""The artist's pictures, and those that must not be described."""
LOOKED: Final[Mapping[str, Make]] = {look: partial(_looked, look) for look in LOOKS}
