"""What a face does: continuous parameters, and the way from the neutral face to each emotion.

A face of any strength is neutral + part of the difference, so that nothing ever appears at once. The part grows
faster than the strength at first: an emotion of one half is already unmistakable.
"""

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
    teeth: float = 0.0  # set upon each other
    smile_teeth: float = 0.0  # the upper ones, under an open smile
    blush: float = 0.0
    blush_lines: float = 0.0
    tears: float = 0.0
    sweat: float = 0.0
    anger: float = 0.0
    gloom: float = 0.0  # a blue upper face
    fury: float = 0.0  # a red upper face
    flush: float = 0.0  # red from cheek to cheek
    bubble: float = 0.0
    spark: float = 0.0
    glee: float = 0.0
    start: float = 0.0
    ease: float = 0.0
    glint: float = 0.0
    flame: float = 0.0


NEUTRAL = Face()


def face(emotion: str, strength: float) -> Face:
    """Return the face of an emotion at a strength from 0 (neutral) to 1."""
    change = _changes()[emotion]
    part = strength * (1.6 - 0.6 * strength)
    names = (field.name for field in fields(Face))
    return Face(**{name: getattr(NEUTRAL, name) + part * change.get(name, 0.0) for name in names})


@cache
def _changes() -> dict[str, dict[str, float]]:
    return tomllib.loads(files(__package__).joinpath("expression.toml").read_text(encoding="utf-8"))
