"""Where the head is and how it is turned: features slide and narrow with the turn, hair follows less."""

import random
from dataclasses import dataclass

from animegen.chibi.character import Character

HEAD: tuple[float, float] = (64.0, 60.0)
"""The middle of the head; everything of the head is drawn relative to it."""
NECK = 34.0
"""How far below the middle of the head the point lies around which it tilts."""
_DEGREES = 7.0
_SLIDE = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """``x`` and ``y`` are the head's displacement in units, ``turn`` from -1 to 1, ``degrees`` clockwise."""

    x: float
    y: float
    turn: float
    degrees: float

    @property
    def slide(self) -> float:
        """How far the features are moved to the right by the turn."""
        return _SLIDE * self.turn

    def eye_x(self, side: int) -> float:
        """Return where the left (-1) or right (1) eye is across the face."""
        return self.slide + side * 14.3 * (1 - 0.09 * side * self.turn)

    def width(self, side: int) -> float:
        """Return the scale across of what lies on that side: the far side is narrower."""
        return 1 - 0.14 * max(0.0, side * self.turn)


def pose(character: Character) -> Pose:
    """Return the pose of a character; the seed moves the head by up to 1.5 units."""
    rng = random.Random(f"pose {character.seed}")
    x, y = rng.uniform(-1.5, 1.5), rng.uniform(-1.0, 1.0)
    return Pose(x=x, y=y, turn=character.turn, degrees=_DEGREES * character.tilt)
