"""Which clothes there are and how they are worn: colours by chance, shapes from the wardrobe."""

import random
from collections.abc import Callable

from animegen.chibi.artist.ink import Ink
from animegen.chibi.artist.palette import choices, tone
from animegen.chibi.artist.wardrobe import daily, dressy
from animegen.chibi.artist.wardrobe.wear import Wear

_OUTFITS: dict[str, Callable[[Ink, Wear], None]] = {
    "casual": daily.casual,
    "formal": dressy.formal,
    "school_uniform": dressy.school_uniform,
    "kimono": dressy.kimono,
    "hoodie": daily.hoodie,
    "armor": dressy.armor,
    "dress": dressy.dress,
    "turtleneck": daily.turtleneck,
    "overalls": daily.overalls,
}


def wear(name: str, boy: bool, rng: random.Random) -> Wear:
    """Return one of an outfit's colourways as this figure wears it."""
    main, second, accent = rng.choice(choices("outfit", name))
    return Wear((tone(main), tone(second), tone(accent)), boy, rng.randrange(3))


def behind(ink: Ink, name: str, worn: Wear) -> None:
    """Draw what lies behind the neck: a hood."""
    if name == "hoodie":
        daily.hood(ink, worn)


def draw(ink: Ink, name: str, worn: Wear) -> None:
    """Draw an outfit on neck and shoulders that are already there."""
    _OUTFITS[name](ink, worn)
