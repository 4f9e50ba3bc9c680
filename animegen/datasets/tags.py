"""Tags as boorus name them and as captions spell them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from animegen.datasets.captions import normalize, split_tags

FACES: Final = frozenset(
    {
        *("0_0", "(o)_(o)", "+_+", "+_-", "._.", "<o>_<o>", "<|>_<|>", "=_=", ">_<", "3_3", "6_9", ">_o"),
        *("@_@", "^_^", "o_o", "u_u", "x_x", "|_|", "||_||"),
    }
)
"""Tags that draw a face, in which the underscore is a mouth (SmilingWolf's own page for the WD taggers)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A tag in a caption's spelling, and how sure it is, from 0 to 1."""

    name: str
    confidence: float = 1.0


def spell(tag: str) -> str:
    """Return a booru's tag as a caption spells it: ``blue_eyes`` is "blue eyes", brackets stay as they are."""
    return tag if tag in FACES else tag.replace("_", " ")


def compose_caption(tags: Sequence[Tag], *, trigger: str = "", exclude: Sequence[str] = ()) -> str:
    """Return the caption of a picture: the trigger, then its tags, the surest first, without the excluded ones."""
    first = split_tags(trigger)
    left_out = {normalize(tag) for tag in (*exclude, *first)}
    surest = sorted(tags, key=lambda tag: -tag.confidence)
    return ", ".join([*first, *(tag.name for tag in surest if normalize(tag.name) not in left_out)])
