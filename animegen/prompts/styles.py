"""The styles of the picker, their words, and the families of models that can draw them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from animegen.errors import InvalidRequest
from animegen.prompts import tables


@dataclass(frozen=True, slots=True)
class Style:
    """One style: its labels, and its words by the families of models that can draw it."""

    name: str
    label: str
    label_ja: str
    by_family: Mapping[str, tuple[str, ...]]

    @property
    def families(self) -> tuple[str, ...]:
        """The families of models that can draw the style."""
        return tuple(self.by_family)

    def words(self, family: str, painted: Collection[str] = ()) -> tuple[str, ...]:
        """Return the words for a family of models: none where a LoRA alone makes the style, one of ``painted``.

        Raises InvalidRequest, which names the choices, when the family cannot draw the style.
        """
        if self.name not in (choices := drawable(family, painted)):
            raise InvalidRequest("prompts.unavailable_style", style=self.name, choices=choices)
        return self.by_family.get(family, ())


@cache
def styles() -> Mapping[str, Style]:
    """Return every style by its name, ``none`` first."""
    return {
        name: Style(name, row["label"], row["label_ja"], tables.words(row["words"]))
        for name, row in tables.read("styles").items()
    }


def style(name: str) -> Style:
    """Return the style of that name; raises InvalidRequest, which names the choices."""
    return tables.look_up(styles(), "prompts.style", name)


def drawable(family: str, painted: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names of the styles that a family of models can draw, by words or, of ``painted``, by LoRAs."""
    return tuple(row.name for row in styles().values() if family in row.families or row.name in painted)
