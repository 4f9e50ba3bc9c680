"""A data folder read by its layout: every file in it becomes a sample, is named as ignored, or is a fault."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypeVar

from animegen.datasets.captions import normalize, split_tags
from animegen.datasets.dataset import Dataset, Fault, Ignored, Sample
from animegen.datasets.files import leaves, shown
from animegen.datasets.metadata import NAME, read_metadata
from animegen.datasets.recipe import MAX_REPEATS, DataRecipe, Layout
from animegen.datasets.split import place, split
from animegen.datasets.subfolder import Found, Subfolder
from animegen.errors import DatasetRefused
from animegen.messages import message

Kind = TypeVar("Kind", Sample, Ignored, Fault)
NUMBERED: Final = re.compile(r"0*([1-9][0-9]*)(?:_(.*))?")
"""Repeats and class words in the name of a folder of the layout kohya."""


def read(recipe: DataRecipe) -> Dataset:
    """Return the samples of the recipe's folders, in the same order on every machine.

    Raises DatasetRefused when a folder is missing or holds no pictures, and for the first file that has to be mended.
    """
    dataset = survey(recipe)
    if dataset.faults:
        first, more = dataset.faults[0], len(dataset.faults) - 1
        raise DatasetRefused(
            "datasets.faults" if more else "datasets.fault", file=shown(first.path), reason=first.reason, more=more
        )
    for folder, samples in ((recipe.folder, dataset.training), (recipe.regularization, dataset.regularization)):
        if folder and not samples:
            raise DatasetRefused("datasets.no_pictures", folder=str(folder), layout=recipe.layout)
    return dataset


def survey(recipe: DataRecipe) -> Dataset:
    """Return what ``read`` does, with all faults in it instead of an error.

    Raises DatasetRefused when a folder is missing or may not be read, or when one of the two lies in the other.
    """
    own, others = recipe.folder, recipe.regularization
    if others and not (leaves(own, others) and leaves(others, own)):
        raise DatasetRefused("datasets.nested", folder=str(others))
    found, added = _found(own, recipe), _found(others, recipe) if others else []
    training, validation = split(_only(Sample, found), own, recipe.validation)
    return Dataset(
        root=own,
        training=training,
        validation=validation,
        regularization=tuple(replace(sample, regularization=True) for sample in _only(Sample, added)),
        ignored=_only(Ignored, found + added),
        faults=_only(Fault, found + added),
    )


def _only(kind: type[Kind], found: Iterable[Found]) -> tuple[Kind, ...]:
    return tuple(each for each in found if isinstance(each, kind))


def _found(root: Path, recipe: DataRecipe) -> list[Found]:
    if not root.is_dir():
        raise DatasetRefused("datasets.no_folder", folder=str(root))
    try:
        return sorted(LAYOUTS[recipe.layout](root, recipe), key=lambda found: place(found.path, root))
    except OSError as problem:
        reason = message("datasets.unreadable", problem=problem.strerror)
        raise DatasetRefused("datasets.fault", file=shown(Path(problem.filename or root)), reason=reason) from problem


def _kohya(root: Path, _: DataRecipe) -> Iterator[Found]:
    """Yield what lies in folders named ``<repeats>_<class>`` (kohya-ss/sd-scripts, docs/train_README)."""
    for path in root.iterdir():
        match = NUMBERED.fullmatch(path.name)
        if not path.is_dir():
            yield Ignored(path=path, reason=message("datasets.outside_subfolders"))
        elif not match:
            yield Ignored(path=path, reason=message("datasets.no_repeats"))
        elif len(match[1]) > len(str(MAX_REPEATS)) or int(match[1]) > MAX_REPEATS:
            yield Fault(path=path, reason=message("datasets.many_repeats", limit=MAX_REPEATS))
        else:
            yield from Subfolder(root=root, path=path, words=match[2] or "", repeats=int(match[1])).read()


def _folders(root: Path, recipe: DataRecipe) -> Iterator[Found]:
    """Yield what lies in the sub-folders, each sample with the name of its folder as a tag."""
    for path in root.iterdir():
        if path.is_dir():
            words = path.name.replace("_", " ").strip()
            yield from map(_tagged, Subfolder(root=root, path=path, words=words, repeats=recipe.repeats).read())
        else:
            yield Ignored(path=path, reason=message("datasets.outside_subfolders"))


def _tagged(found: Found) -> Found:
    """Return a sample with the tag of its folder in front of a caption that lacks it; all else as it is."""
    if not isinstance(found, Sample):
        return found
    tags = {normalize(tag) for tag in split_tags(found.caption)}
    if normalize(found.folder_words) in tags:
        return found
    return replace(found, caption=", ".join(filter(None, (found.folder_words, found.caption))))


LAYOUTS: Final[Mapping[Layout, Callable[[Path, DataRecipe], Iterator[Found]]]] = {
    "kohya": _kohya,
    "folders": _folders,
    "metadata": read_metadata,
}


def guess(folder: Path) -> Layout:
    """Return the layout that a folder seems to have, by its `metadata.jsonl` and the names of its sub-folders."""
    if (folder / NAME).is_file():
        return "metadata"
    names = [path.name for path in folder.iterdir() if path.is_dir()]
    return "folders" if names and not any(map(NUMBERED.fullmatch, names)) else "kohya"
