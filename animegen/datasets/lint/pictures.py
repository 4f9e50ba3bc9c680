"""Checks of the pictures: too small for their bucket, much cut off, and the same or nearly the same as another."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from animegen.datasets.buckets import Size, bucket
from animegen.datasets.dataset import Sample
from animegen.datasets.lint import fingerprints
from animegen.datasets.lint.finding import Case, Finding, Level, finding
from animegen.datasets.lint.fingerprints import Fingerprint

CUT: Final = 0.2
"""Share of a picture that may fall outside its bucket."""


def find_small(case: Case) -> Iterator[Finding]:
    """Yield the pictures that have to be enlarged, with the resolution at which the smallest would not."""
    scales = {sample.path: _scale(sample.size, size) for sample, size in _buckets(case)}
    if small := {path: scale for path, scale in scales.items() if scale > 1}:
        worst, side = max(small.values()), case.recipe.resolution or 0
        level: Level = "warning" if case.recipe.upscale else "error"
        name = "small" if case.recipe.upscale else "small_refused"
        fitting = max(64, int(side / worst) // 8 * 8)
        yield finding(level, name, tuple(small), count=len(small), times=f"{worst:.1f}", side=side, fitting=fitting)


def find_cut(case: Case) -> Iterator[Finding]:
    """Yield the pictures of which much lies outside their bucket."""
    cut = {sample.path: _cut(sample.size, size) for sample, size in _buckets(case)}
    if much := {path: share for path, share in cut.items() if share > CUT}:
        name = "cut" if case.recipe.buckets else "cut_square"
        yield finding("warning", name, tuple(much), count=len(much), percent=round(100 * max(much.values())))


def find_copies(case: Case) -> Iterator[Finding]:
    """Yield the pictures that are the same file, those of each file together."""
    same: dict[str, list[Path]] = defaultdict(list)
    for path, fingerprint in case.fingerprints.items():
        same[fingerprint.sha256].append(path)
    for paths in same.values():
        if len(paths) > 1:
            first, *others = sorted(paths, key=lambda path: (len(path.name), path))  # "a copy.png" comes after "a.png"
            yield finding("warning", "copies", (first, *others), count=len(paths), kept=first.name)


def find_near_copies(case: Case) -> Iterator[Finding]:
    """Yield the pictures that look nearly the same, each group by its first; exact copies are found elsewhere."""
    if not fingerprints.available():
        yield finding("note", "no_imagehash")
        return
    first: dict[str, Path] = {}
    for path, fingerprint in case.fingerprints.items():
        first.setdefault(fingerprint.sha256, path)
    bits = {"bits": fingerprints.NEAR, "all": fingerprints.BITS}
    areas = {sample.path: sample.size[0] * sample.size[1] for sample in case.samples}
    for group in _groups(list(first.values()), case.fingerprints):
        paths = tuple(sorted(group, key=areas.__getitem__, reverse=True))
        yield finding("warning", "near_copies", paths, count=len(paths), kept=paths[0].name, **bits)


def _groups(paths: Sequence[Path], prints: Mapping[Path, Fingerprint]) -> Iterator[Sequence[Path]]:
    """Yield groups of two or more that look like the first of them; a picture is in one group at most."""
    if not paths:
        return
    near = fingerprints.distances(np.array([prints[path].look for path in paths])) <= fingerprints.NEAR
    left = set(range(len(paths)))
    for first in range(len(paths)):
        group = [other for other in sorted(left) if near[first, other]] if first in left else []
        left -= set(group)
        if len(group) > 1:
            yield [paths[number] for number in group]


def _buckets(case: Case) -> Iterator[tuple[Sample, Size]]:
    """Yield all pictures with their buckets, those that the recipe refuses to enlarge included."""
    recipe = case.recipe.model_copy(update={"upscale": True})
    yield from ((sample, bucket(sample, recipe)) for sample in case.samples)


def _scale(size: Size, bucket: Size) -> float:
    """Return by how much a picture is enlarged to cover its bucket."""
    return max(bucket[0] / size[0], bucket[1] / size[1])


def _cut(size: Size, bucket: Size) -> float:
    """Return the share of a picture that lies outside its bucket once it covers it."""
    wide, high = size[0] / bucket[0], size[1] / bucket[1]
    return 1 - min(wide, high) / max(wide, high)
