"""What a report rests on: the commit, a hash of the code that draws and reads, and hashes of the weights."""

import hashlib
import subprocess
from pathlib import Path
from typing import Final

import animegen
from animegen.errors import EvaluationFailed

PACKAGE: Final = Path(animegen.__file__).parent
APART: Final = ("bench", "chibi/build", "cli", "datasets", "messages", "training", "ui")
"""Folders of the package that neither draw nor read: what is in them changes no figure, or changes weights first."""
WRITTEN: Final = ("chibi/weights/README.md", "chibi/weights/reports")
"""What the reports themselves change in the package."""


def code(package: Path = PACKAGE) -> str:
    """Return a hash of the source and the tables of all that draws and reads."""
    digest = hashlib.sha256()
    for path in sorted(path for kind in ("py", "toml") for path in package.rglob(f"*.{kind}")):
        place = path.relative_to(package).as_posix()
        if not place.startswith(tuple(f"{folder}/" for folder in APART)):
            digest.update(place.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def parts(weights: Path) -> dict[str, str]:
    """Return a hash of each part of a weights folder that has weights: of a folder, or of a file alone."""
    found: dict[str, str] = {}
    for path in sorted(weights.rglob("*.safetensors")):
        name = path.relative_to(weights).parts[0].removesuffix(".safetensors")
        found[name] = hashlib.sha256((found.get(name, "") + hash_of(path)).encode()).hexdigest()
    return found


def commit(package: Path = PACKAGE) -> str:
    """Return the commit that the package is of, ``unknown`` outside a repository.

    It ends with ``-dirty`` when the package has changed since, by anything but reports.
    """
    try:
        name = _git(package, "rev-parse", "--short=12", "HEAD")
        changed = _git(package, "status", "--porcelain", "--", ".", *(f":(exclude){path}" for path in WRITTEN))
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{name}-dirty" if changed else name


def require_commit(name: str) -> None:
    """Raise EvaluationFailed when a report of this commit could not be made again."""
    if name == "unknown" or name.endswith("-dirty"):
        raise EvaluationFailed("evaluation.not_committed")


def _git(package: Path, *words: str) -> str:
    call = ["git", "-C", str(package), *words]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603  # fixed words


def hash_of(path: Path) -> str:
    """Return the sha256 of a file, or one of all safetensors files of a folder."""
    if path.is_dir():
        hashes = [hash_of(each) for each in sorted(path.rglob("*.safetensors"))]
        return hashlib.sha256("".join(hashes).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
