"""Checks of the files: what cannot be read, what is not used, and captions that are missing or empty."""

import codecs
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from animegen.datasets.captions import normalize
from animegen.datasets.files import shown
from animegen.datasets.lint.finding import Case, Finding, Level, finding
from animegen.datasets.recipe import Layout
from animegen.messages import Message, message

FAULTS: Final[Mapping[str, str]] = {
    "not_utf8": "lint_not_utf8_fix",
    "same_name": "lint_same_name_fix",
    "leaves_folder": "lint_leaves_folder_fix",
    "many_repeats": "lint_many_repeats_fix",
}
"""The fixes of what has to be mended before the first step, by what the reader says of it."""
UNUSED: Final[Mapping[str, tuple[Level, str]]] = {
    "no_repeats": ("warning", "lint_no_repeats_fix"),
    "two_captions": ("warning", "lint_two_captions_fix"),
    "outside_subfolders": ("warning", "lint_outside_fix"),
    "deeper_folder": ("warning", "lint_deeper_folder_fix"),
    "not_named": ("warning", "lint_not_named_fix"),
    "caption_alone": ("warning", "lint_caption_alone_fix"),
    "empty_folder": ("warning", "lint_empty_folder_fix"),
    "other_lines": ("warning", "lint_other_lines_fix"),
}
"""The levels and fixes of what is not used; all else is stray and only noted."""
EXAMPLES: Final[Mapping[Layout, str]] = {
    "kohya": "10_name/a.png",
    "folders": "tag/a.png",
    "metadata": "a.png + metadata.jsonl",
}
"""How a layout looks."""


def find_no_pictures(case: Case) -> Iterator[Finding]:
    """Yield that the layout finds nothing to train on."""
    if not case.learned:
        layout = case.recipe.layout
        yield finding("error", "no_pictures", layout=layout, example=EXAMPLES[layout])


def report_faults(case: Case) -> Iterator[Finding]:
    """Yield an error for each file that cannot be read."""
    for fault in case.dataset.faults:
        name = FAULTS.get(_key(fault.reason), "lint_fault_fix")
        yield Finding(level="error", message=fault.reason, fix=_fix(name, fault.path), paths=(fault.path,))


def report_unused(case: Case) -> Iterator[Finding]:
    """Yield what is in the folder and not used, files with the same reason together."""
    paths = defaultdict(list)
    for ignored in case.dataset.ignored:
        paths[ignored.reason].append(ignored.path)
    for reason, files in paths.items():
        level, name = UNUSED.get(_key(reason), ("note", "lint_stray_fix"))
        yield Finding(level=level, message=reason, fix=_fix(name, files[0]), paths=tuple(files))


def find_missing_captions(case: Case) -> Iterator[Finding]:
    """Yield the pictures without captions where others have some; folder words alone are a way to train, too."""
    bare = [sample for sample in case.learned if not sample.captioned]
    if bare and len(bare) < len(case.learned):
        words = tuple(sorted({sample.folder_words for sample in bare if sample.folder_words})) or "-"
        file = bare[0].path.with_suffix(".txt").name
        paths = tuple(sample.path for sample in bare)
        yield finding("warning", "missing", paths, count=len(bare), all=len(case.learned), words=words, file=file)


def find_empty_captions(case: Case) -> Iterator[Finding]:
    """Yield the pictures whose caption says nothing, or no more than their folder says already."""
    silent = {"", *(normalize(sample.folder_words) for sample in case.learned if case.recipe.layout == "folders")}
    empty = [sample for sample in case.learned if sample.captioned and normalize(sample.caption) in silent]
    if paths := tuple(sample.path for sample in empty):
        name = "empty_line" if case.recipe.layout == "metadata" else "empty"
        yield finding("warning", name, paths, count=len(paths), file=paths[0].with_suffix(".txt").name)


def _key(reason: Message) -> str:
    return reason.id.partition(".")[2]


def _fix(name: str, path: Path) -> Message:
    encoding = _encoding(path) if name == FAULTS["not_utf8"] else ""
    names = {"name": shown(Path(path.name)), "file": shlex.quote(shown(path))}
    return message(f"datasets.{name}", **names, encoding=encoding)


def _encoding(path: Path) -> str:
    """Return the encoding that a text is likely to be in: UTF-16, else that of Windows in Japan or in the West."""
    data = path.read_bytes()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        return "UTF-16"
    try:
        data.decode("cp932")
    except UnicodeDecodeError:
        return "CP1252"
    return "CP932"
