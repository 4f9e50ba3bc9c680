"""Checks of the tags: which every caption repeats, which most share, and which do not go together."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from animegen.datasets.captions import normalize, split_tags
from animegen.datasets.dataset import Sample
from animegen.datasets.lint.finding import Case, Finding, finding

BINDING: Final = 0.9
"""A tag in this share of the captions is drawn by its own word after training, and not by the trigger alone."""
SHARED: Final = 0.6
"""What should vary, and shows in more than this share of the pictures, is learned as a part of the trigger."""
ENOUGH: Final = 4
"""Fewer captions say nothing about shares."""
NAME: Final = re.compile(r".+ \((.+)\)")
"""A name in danbooru's form, with what it comes from in brackets."""


def plain(tag: str) -> str:
    """Return a tag as danbooru shows it: small letters, spaces, no backslashes before brackets."""
    return normalize(tag.replace("\\", ""))


def tags_of(sample: Sample) -> frozenset[str]:
    """Return the tags of a picture's caption, as a recipe excludes them."""
    return frozenset(map(normalize, split_tags(sample.caption)))


def frequencies(samples: Iterable[Sample]) -> Counter[str]:
    """Return in how many captions each tag stands, in the same order every time."""
    return Counter(tag for sample in samples for tag in sorted(tags_of(sample)))


def find_binding(case: Case) -> Iterator[Finding]:
    """Yield the tags that nearly every caption repeats: what they name binds to them instead of to the trigger."""
    shares = _shares(case)
    if bound := tuple(sorted(tag for tag, share in shares.items() if share >= BINDING and not _varies(tag))):
        least = round(100 * min(shares[tag] for tag in bound))
        line = _yaml((*case.recipe.exclude, *bound))
        yield finding("warning", "binding", tags=bound, percent=least, line=line)


def find_shared(case: Case) -> Iterator[Finding]:
    """Yield what should vary and most pictures share: expressions, backgrounds, views, poses."""
    shares = _shares(case)
    for tag in sorted(tag for tag, share in shares.items() if share > SHARED and _varies(tag)):
        paths = tuple(sample.path for sample in case.learned if tag in tags_of(sample))
        yield finding("warning", "shared", paths, tag=tag, percent=round(100 * shares[tag]), limit=round(100 * SHARED))


def find_sided(case: Case) -> Iterator[Finding]:
    """Yield the tags of one side, or of writing, that mirrored pictures would make wrong."""
    if not case.recipe.flip:
        return
    counts = frequencies(case.learned)
    if sided := tuple(sorted(tag for tag in counts if _matches(tag, table()["sided"]["tags"]))):
        paths = tuple(sample.path for sample in case.learned if tags_of(sample) & set(sided))
        yield finding("warning", "sided", paths, tags=sided)


def find_names(case: Case) -> Iterator[Finding]:
    """Yield the names of characters where captions of one trigger name several."""
    counts = frequencies(case.learned)
    if len(named := tuple(tag for tag, _ in counts.most_common() if _is_name(tag))) > 1:
        paths = tuple(sample.path for sample in case.learned if tags_of(sample) & set(named))
        yield finding("warning", "names", paths, names=named, kept=named[0])


def is_general(tag: str) -> bool:
    """Say whether a tag stands in front of anybody's captions and can be no trigger."""
    return _matches(tag, table()["general"]["tags"])


@cache
def table() -> Mapping[str, Any]:
    """Return the table of tags."""
    return tomllib.loads(files(__package__).joinpath("tags.toml").read_text(encoding="utf-8"))


def _shares(case: Case) -> Mapping[str, float]:
    """Return the share of the written captions that have each tag which a run neither excludes nor keeps in front."""
    written = [sample for sample in case.learned if sample.captioned]
    if len(written) < ENOUGH:
        return {}
    counts = frequencies(written)
    named = {normalize(word) for sample in written for word in _named(sample, case)}
    return {tag: count / len(written) for tag, count in counts.items() if tag not in named}


def _named(sample: Sample, case: Case) -> tuple[str, ...]:
    """Return what names the subject, and is no trait of it: trigger, folder words, and tags kept in front."""
    recipe = case.recipe
    kept = split_tags(sample.caption)[: recipe.keep_tokens]
    return (*split_tags(recipe.trigger), *recipe.exclude, *split_tags(sample.folder_words), *kept)


def _varies(tag: str) -> bool:
    return any(_matches(tag, patterns) for patterns in table()["varying"].values())


def _is_name(tag: str) -> bool:
    match = NAME.fullmatch(plain(tag))
    return match is not None and match[1] not in table()["qualifiers"]["words"]


def _matches(tag: str, patterns: Iterable[str]) -> bool:
    return any(re.fullmatch(pattern, plain(tag)) for pattern in patterns)


def _yaml(tags: tuple[str, ...]) -> str:
    """Return tags as a recipe lists them, those that YAML would misread in quotes."""
    text: str = yaml.safe_dump(list(tags), default_flow_style=True, allow_unicode=True, width=math.inf)
    return text.strip()
