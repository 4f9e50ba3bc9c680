"""What tags say of a picture's emotion and style, by the words of the prompts' tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

from animegen.datasets.sorting import Meanings
from animegen.prompts.emotions import Emotion, emotions, neutral
from animegen.prompts.styles import Style, styles

Kind = Literal["style", "emotion"]
Lists = Iterable[Sequence[str]]
NOTHING: Final = "none"
"""The choice of no style at all."""
EMBEDDED: Final = "chibi"
"""The family of the embedded model, whose styles are clothes; ways of painting are for other models."""


def tables(kind: Kind) -> tuple[Meanings, ...]:
    """Return what tags mean, by folders; a way of painting comes before clothes.

    The folder of an emotion is called as the layout ``folders`` has it: ``happy_anime``.
    """
    if kind == "emotion":
        faces: dict[str, Lists] = {name: _words(each) for name, each in emotions().items()}
        faces["neutral"] = neutral().values()
        return (_meanings({f"{name}_anime": lists for name, lists in faces.items()}),)
    rows = [each for each in styles().values() if each.name != NOTHING]
    clothes = [each for each in rows if EMBEDDED in each.families]
    painted = [each for each in rows if EMBEDDED not in each.families]
    return _style_meanings(painted), _style_meanings(clothes)


def _words(emotion: Emotion) -> Lists:
    return [words for family in emotion.bands.values() for words in family.values()]


def _style_meanings(rows: Iterable[Style]) -> Meanings:
    return _meanings({each.name: [[each.name.replace("_", " ")], *each.by_family.values()] for each in rows})


def _meanings(lists: Mapping[str, Lists]) -> Meanings:
    """Return how strongly words point to folders: each list begins with the most telling one, shared words say less."""
    weights: dict[str, dict[str, float]] = {}
    for name, rows in lists.items():
        for words in rows:
            for place, word in enumerate(words, start=1):
                row = weights.setdefault(word, {})
                row[name] = max(row.get(name, 0), 1 / place)
    return {word: {name: weight / len(row) for name, weight in row.items()} for word, row in weights.items()}
