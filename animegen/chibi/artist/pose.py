"""Where head and shoulders are and how they are turned: features slide and narrow with the turn, hair follows less."""

import random
from dataclasses import dataclass

from animegen.chibi.character import Character

HEAD: tuple[float, float] = (64.0, 62.5)
"""The middle of the head; everything of the head is drawn relative to it."""
NECK = 34.0
"""How far below the middle of the head the point lies around which it tilts."""
_DEGREES = 8.0
_SLIDE = 5.2
_EYES_APART = 14.6
SCALE = 1.02
"""How much larger than its own measures a head is drawn: this is a portrait."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """How a figure stands: lengths in units, angles in degrees clockwise, ``turn`` from -1 (left) to 1.

    ``lean`` is the slope of the shoulders; ``sway`` from -1 to 1 is the breath of wind in the hair, and ``slant``
    lifts (above 0) or drops the outer corners of this character's eyes.
    """

    x: float
    y: float
    turn: float
    degrees: float
    lean: float
    sway: float
    slant: float

    @property
    def slide(self) -> float:
        """How far the features are moved to the right by the turn."""
        return _SLIDE * self.turn

    def eye_x(self, side: int) -> float:
        """Return where the left (-1) or right (1) eye is across the face."""
        return self.slide + side * _EYES_APART * (1 - 0.1 * side * self.turn)

    def width(self, side: int) -> float:
        """Return the scale across of what lies on that side: the far side is narrower."""
        return 1 - 0.17 * max(0.0, side * self.turn)


def pose(character: Character) -> Pose:
    """Return the pose of a character; the seed moves head and shoulders a little and decides the wind."""
    rng = random.Random(f"pose {character.seed}")
    return Pose(
        x=rng.uniform(-2.0, 2.0),
        y=rng.uniform(-1.2, 1.0),
        turn=character.turn,
        degrees=_DEGREES * character.tilt,
        lean=rng.uniform(-3.5, 3.5) - 1.5 * character.tilt,
        sway=rng.uniform(-1.0, 1.0),
        slant=rng.uniform(-0.9, 0.9),
    )
