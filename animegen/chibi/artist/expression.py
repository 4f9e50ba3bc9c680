"""What a face does: continuous parameters, and the way from the neutral face to each emotion.

A face of any strength is neutral + part of the difference, so that nothing ever appears at once. The part grows
faster than the strength at first: an emotion of one half is already unmistakable. A seed varies what is not the
emotion's own, so that a feeling is not one stamp.
"""

import random
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """Parameters of a face; these defaults are neutral.

    Lengths (brows, mouth) are in units of the picture, ``lid`` is how far the eye is open (below 0: shut),
    ``iris`` and ``pupil`` are scales, the rest is from 0 (absent) to 1.
    """

    brow_raise: float = 0.0
    brow_slant: float = 0.0  # inner end lower
    brow_uneven: float = 0.0  # the right one higher
    brow_weight: float = 0.0
    lid: float = 0.84
    lid_slant: float = 0.0  # inner end lower
    lower_lid: float = 0.0
    arc: float = 0.0  # shut lids meet higher: 0 a sleeper's curve, 1 a laugher's arch
    iris: float = 1.0
    pupil: float = 1.0
    mouth_width: float = 7.5
    mouth_curve: float = 0.5  # corners higher
    mouth_open: float = 0.0
    mouth_round: float = 0.0  # share of the opening that lies above the corners
    mouth_wave: float = 0.0
    mouth_skew: float = 0.0  # right corner higher
    mouth_cat: float = 0.0
    mouth_weight: float = 0.0
    tongue: float = 0.0  # put out
    teeth: float = 0.0  # set upon each other
    smile_teeth: float = 0.0  # the upper ones, under an open smile
    blush: float = 0.0
    blush_lines: float = 0.0
    tear: float = 0.0  # one, at the lashes
    streams: float = 0.0  # of tears, down both cheeks
    sweat: float = 0.0
    gloom: float = 0.0  # a blue upper face
    fury: float = 0.0  # a red upper face
    sick: float = 0.0  # a green upper face
    flush: float = 0.0  # red from cheek to cheek


NEUTRAL = Face()
_OWN = {"brow_raise": 0.9, "mouth_width": 0.8, "mouth_curve": 0.4, "lid": 0.03}
"""By how much at most a face differs from others of its kind, whatever it feels."""
_RANGE = {
    "brow_raise": (0.7, 1.2),
    "brow_slant": (0.85, 1.15),
    "lid": (0.94, 1.06),
    "mouth_width": (0.8, 1.15),
    "mouth_open": (0.72, 1.15),
    "mouth_curve": (0.85, 1.15),
}
"""Between which shares of the table a face makes a change; left and right always alike."""


def face(emotion: str, strength: float, seed: int | None = None) -> Face:
    """Return the face of an emotion at a strength from 0 (neutral) to 1: the table's own, or as ``seed`` varies it."""
    rng = random.Random(f"face {seed}")
    own = {name: 0.0 if seed is None else rng.uniform(-most, most) for name, most in _OWN.items()}
    share = {name: 1.0 if seed is None else rng.uniform(*ends) for name, ends in _RANGE.items()}
    change = _changes()[emotion]
    part = strength * (1.6 - 0.6 * strength)

    def value(name: str) -> float:
        return float(getattr(NEUTRAL, name)) + own.get(name, 0.0) + part * change.get(name, 0.0) * share.get(name, 1.0)

    return Face(**{field.name: value(field.name) for field in fields(Face)})


@cache
def _changes() -> dict[str, dict[str, float]]:
    return tomllib.loads(files(__package__).joinpath("expression.toml").read_text(encoding="utf-8"))
