"""How an outfit is worn, which every garment is given."""

from dataclasses import dataclass

from animegen.chibi.artist.palette import Tone


@dataclass(frozen=True, slots=True)
class Wear:
    """Main, second and accent tone, a boy's wider shoulders, and which of three patterns."""

    colours: tuple[Tone, Tone, Tone]
    boy: bool
    pattern: int
