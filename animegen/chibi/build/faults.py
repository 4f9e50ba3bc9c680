"""Faults such as drawing models make, made on purpose: each a patch from somewhere, moved somehow, laid over a face.

Windows are ``(N, 3, S, S)`` in [-1, 1], as the detector sees them; places, lengths and fields are shares of the side.
A donor is a render of the same character with one thing changed, which one half of a face may take from.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import torch
from torch import Tensor
from torch.nn import functional

from animegen.chibi.artist.eyes import EYE_Y
from animegen.chibi.artist.ink import UNITS
from animegen.chibi.artist.pose import HEAD, NECK, SCALE, pose
from animegen.chibi.broken import KINDS, WINDOW
from animegen.chibi.character import VOCABULARY, Character, labels

UNIT: Final = 1 / (UNITS * WINDOW)
"""A unit of the artist, as a share of the window's side."""
MOUTH_Y: Final = 24.0
VISIBLE: Final = 0.1
"""By how much, of 2, a fault must change some spot of the picture to count."""
DONORS: Final = {"iris": "eye_colour", "lids": "lid", "plain": "marks", "glasses": "glasses"}
"""What may differ in a donor, and the fault that is made with it; the other faults need none."""
ALONE: Final = tuple(kind for kind in KINDS if kind not in DONORS.values())


@dataclass(frozen=True, slots=True)
class Faces:
    """Windows, those of their donors, and the places of both eyes and the mouth, ``(N, 3, 2)``, across and down."""

    windows: Tensor
    donors: Tensor
    places: Tensor


def places(character: Character) -> list[tuple[float, float]]:
    """Return where left eye, right eye and mouth of a render are, as shares of the window."""
    placed = pose(character)
    points = [(placed.eye_x(-1), EYE_Y + 1.5), (placed.eye_x(1), EYE_Y + 1.5), (placed.slide * 1.1, MOUTH_Y)]
    turn = math.radians(placed.degrees)
    found = []
    for across, down in points:
        x, y = across * SCALE, (down - NECK) * SCALE
        right = HEAD[0] + placed.x + x * math.cos(turn) - y * math.sin(turn)
        low = HEAD[1] + placed.y + NECK + x * math.sin(turn) + y * math.cos(turn)
        found.append(tuple((part / UNITS - (1 - WINDOW) / 2) / WINDOW for part in (right, low)))
    return found  # type: ignore[return-value]  # pairs, which a type checker cannot see


def donor(character: Character, rng: random.Random) -> tuple[str, Character]:
    """Return one of DONORS by chance, and the character with that thing changed."""
    shut = labels(character)["eye_colour"] is None
    weights = {
        "iris": 0.0 if shut else 0.35,
        "lids": 1.0 if shut else 0.35,
        "plain": 0.3,
    }
    if "glasses" in character.accessories:
        weights["glasses"] = 1.0
    kind = rng.choices(list(weights), list(weights.values()))[0]
    change: dict[str, Any] = {
        "iris": {"eye_colour": rng.choice([word for word in VOCABULARY["eye_colour"] if word != character.eye_colour])},
        "lids": {"strength": 0.0} if shut else {"emotion": "sleepy", "strength": 1.0},
        "plain": {"strength": 0.0},
        "glasses": {"accessories": character.accessories - {"glasses"}},
    }[kind]
    return kind, replace(character, **change)


def spoil(faces: Faces, kind: str, generator: torch.Generator) -> Tensor:
    """Return the windows with a fault of one of KINDS."""
    return _FAULTS[kind](faces, _Chance(generator, faces.windows))


def visible(before: Tensor, after: Tensor) -> Tensor:
    """Return of which pictures a fault changed some spot enough to be seen, ``(N,)``."""
    spots = functional.avg_pool2d((after - before).abs().mean(dim=1, keepdim=True), 7, stride=3)
    return spots.amax(dim=(1, 2, 3)) > VISIBLE


class _Chance:
    """Random numbers for a batch: drawn on the processor, so that every device makes the same faults."""

    def __init__(self, generator: torch.Generator, like: Tensor) -> None:
        self.generator, self.count, self.side, self.device = generator, len(like), like.shape[-1], like.device

    def between(self, low: float, high: float, *shape: int) -> Tensor:
        drawn = torch.rand(self.count, *shape, generator=self.generator)
        return (low + (high - low) * drawn).to(self.device)

    def sign(self) -> Tensor:
        return torch.where(self.between(0, 1) < 0.5, -1.0, 1.0)

    def one_of(self, points: Tensor) -> Tensor:
        """Return one of the points ``(N, K, 2)`` each."""
        chosen = torch.randint(points.shape[1], (self.count,), generator=self.generator).to(self.device)
        return points[torch.arange(self.count, device=self.device), chosen]

    def turbulence(self, knots: int, size: float) -> Tensor:
        """Return a smooth random field ``(N, S, S, 2)`` of about ``size`` units."""
        coarse = torch.randn(self.count, 2, knots, knots, generator=self.generator).to(self.device)
        smooth = functional.interpolate(coarse, (self.side, self.side), mode="bicubic", align_corners=False)
        return smooth.permute(0, 2, 3, 1) * size * UNIT


def _grid(like: Tensor) -> Tensor:
    """Return the place of each pixel, ``(1, S, S, 2)``."""
    line = (torch.arange(like.shape[-1], device=like.device) + 0.5) / like.shape[-1]
    down, across = torch.meshgrid(line, line, indexing="ij")
    return torch.stack([across, down], dim=-1)[None]


def _spot(windows: Tensor, centre: Tensor, across: Tensor | float, down: Tensor | float, soft: float = 0.3) -> Tensor:
    """Return ``(N, 1, S, S)``: 1 in an ellipse of radii in units, falling to 0 over the share ``soft`` of them."""
    radii = torch.stack([torch.as_tensor(each, device=centre.device).expand(len(centre)) for each in (across, down)], 1)
    away = ((_grid(windows) - centre[:, None, None]) / (radii * UNIT)[:, None, None]).norm(dim=-1)
    return ((1 - away) / soft).clamp(0, 1)[:, None]


def _moved(windows: Tensor, field: Tensor) -> Tensor:
    """Return the windows with what lies at ``p - field`` moved to ``p``."""
    places = 2 * (_grid(windows) - field) - 1
    return functional.grid_sample(windows, places, mode="bilinear", padding_mode="border", align_corners=False)


def _blurred(pictures: Tensor, pixels: int) -> Tensor:
    padded = functional.pad(pictures, (pixels // 2,) * 4, mode="replicate")
    return functional.avg_pool2d(padded, pixels, stride=1)


def _flat(mask: Tensor) -> Tensor:
    """Return a mask ``(N, 1, S, S)`` as a factor of a field."""
    return mask[:, 0, :, :, None]


def _eye_colour(faces: Faces, chance: _Chance) -> Tensor:
    return torch.lerp(faces.windows, faces.donors, _spot(faces.windows, _eye(faces, chance), 13.0, 13.0))


def _lid(faces: Faces, chance: _Chance) -> Tensor:
    return torch.lerp(faces.windows, faces.donors, _spot(faces.windows, _eye(faces, chance), 14.0, 12.5, soft=0.2))


def _eye(faces: Faces, chance: _Chance) -> Tensor:
    return chance.one_of(faces.places[:, :2])


def _eye_size(faces: Faces, chance: _Chance) -> Tensor:
    centre = _eye(faces, chance)
    larger = torch.where(chance.sign() > 0, chance.between(1.25, 1.5), chance.between(0.62, 0.78))[:, None, None, None]
    away = _grid(faces.windows) - centre[:, None, None]
    return _moved(faces.windows, (1 - 1 / larger) * away * _flat(_spot(faces.windows, centre, 17.0, 16.0, soft=0.45)))


def _mouth(faces: Faces, chance: _Chance) -> Tensor:
    """Move the mouth to a side, or draw it a second time next to itself."""
    mouth = faces.places[:, 2]
    push = torch.stack([chance.sign() * chance.between(3.5, 7.5), chance.between(-4.0, 3.0)], dim=1) * UNIT
    field = push[:, None, None]
    moved = _moved(faces.windows, field * _flat(_spot(faces.windows, mouth, 16.0, 13.0, soft=0.55)))
    again = torch.lerp(faces.windows, _moved(faces.windows, field), _spot(faces.windows, mouth + push, 8.0, 5.5))
    return torch.where((chance.between(0, 1) < 0.5)[:, None, None, None], moved, again)


def _anywhere(faces: Faces, chance: _Chance) -> Tensor:
    """Return a place in the face or in the hair around it, near an eye or the mouth more often than not."""
    near = chance.one_of(faces.places) + chance.between(-9, 9, 2) * UNIT
    far = faces.places.mean(dim=1) + (chance.between(-1, 1, 2) * torch.tensor([34.0, 30.0]).to(near) - 6.0) * UNIT
    return torch.where((chance.between(0, 1) < 0.6)[:, None], near, far)


def _smear(faces: Faces, chance: _Chance) -> Tensor:
    mask = _spot(faces.windows, _anywhere(faces, chance), chance.between(8, 15), chance.between(8, 15), soft=0.6)
    wild = _moved(faces.windows, chance.turbulence(9, 3.0))
    return torch.lerp(faces.windows, _blurred(wild, 5), mask)


def _double(faces: Faces, chance: _Chance) -> Tensor:
    push = torch.stack([chance.sign() * chance.between(2.0, 5.0), chance.sign() * chance.between(0.5, 4.0)], 1) * UNIT
    mask = _spot(faces.windows, _anywhere(faces, chance), chance.between(10, 20), chance.between(10, 20), soft=0.5)
    again = _moved(faces.windows, push[:, None, None] + chance.turbulence(4, 0.7))
    return torch.lerp(faces.windows, again, mask * chance.between(0.4, 0.7)[:, None, None, None])


def _marks(faces: Faces, chance: _Chance) -> Tensor:
    """Stir what an emotion adds next to the face: marks, drops, tears."""
    added = (faces.windows - faces.donors).abs().amax(dim=1, keepdim=True) > 0.12
    eyes, mouth = faces.places[:, :2].mean(dim=1), faces.places[:, 2]
    face = torch.maximum(_spot(faces.windows, eyes, 27.0, 17.0, 0.1), _spot(faces.windows, mouth, 13.0, 13.0, 0.1))
    where = functional.max_pool2d(added.float() * (face < 0.5), 9, stride=1, padding=4)
    stirred = _moved(faces.windows, chance.turbulence(20, 2.2))
    faded = torch.lerp(stirred, _blurred(stirred, 11), chance.between(0.1, 0.7)[:, None, None, None])
    return torch.lerp(faces.windows, faded, _blurred(where, 5))


def _glasses(faces: Faces, chance: _Chance) -> Tensor:
    """Take glasses off one eye, or bend their frame."""
    frame = (faces.windows - faces.donors).abs().amax(dim=1, keepdim=True) > 0.1
    near = _blurred(functional.max_pool2d(frame.float(), 5, stride=1, padding=2), 3)
    bent = torch.lerp(faces.windows, _moved(faces.donors, chance.turbulence(8, 0.2)), near)
    pieces = _moved(faces.windows, chance.turbulence(7, 2.6))
    bent = torch.lerp(bent, pieces, _blurred(functional.max_pool2d(near, 9, stride=1, padding=4), 5))
    off = _spot(faces.windows, _eye(faces, chance), chance.between(10, 17), chance.between(8, 15), soft=0.15)
    half = torch.lerp(faces.windows, faces.donors, off)
    return torch.where((chance.between(0, 1) < 0.5)[:, None, None, None], bent, half)


def _asymmetry(faces: Faces, chance: _Chance) -> Tensor:
    """Push one half of the face up or down."""
    mask = _spot(faces.windows, _eye(faces, chance), 15.0, chance.between(16, 24), soft=0.5)
    push = torch.stack([chance.between(-2, 2), chance.sign() * chance.between(4.0, 7.5)], dim=1) * UNIT
    return _moved(faces.windows, push[:, None, None] * _flat(mask))


_FAULTS: Final[dict[str, Callable[[Faces, _Chance], Tensor]]] = {
    "eye_colour": _eye_colour,
    "eye_size": _eye_size,
    "lid": _lid,
    "mouth": _mouth,
    "smear": _smear,
    "double": _double,
    "marks": _marks,
    "glasses": _glasses,
    "asymmetry": _asymmetry,
}
