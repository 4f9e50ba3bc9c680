"""What the linter finds, and what it looks at."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from animegen.datasets.dataset import Dataset, Sample
from animegen.datasets.files import shown
from animegen.datasets.lint.fingerprints import Fingerprint
from animegen.datasets.recipe import DataRecipe
from animegen.messages import LANGUAGES, Message, message, render

Level = Literal["error", "warning", "note"]
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "note")
"""error: the run would be refused, or would learn what is certainly not meant. The gravest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing to mend: what it is, the exact fix, and the files that it is about."""

    level: Level
    message: Message
    fix: Message
    paths: tuple[Path, ...] = ()

    def to_json(self, recipe: DataRecipe) -> dict[str, Any]:
        """Return its sentences in each language, and its paths without where the data lies."""
        said, fix = ({lang: render(text, lang) for lang in LANGUAGES} for text in (self.message, self.fix))
        return {
            "level": self.level,
            "message": said,
            "fix": fix,
            "paths": [within(path, recipe) for path in self.paths],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A surveyed dataset with all that the checks need to know about it.

    The recipe has a resolution. ``fingerprints`` are those of all samples; ``count`` returns the tokens of a text, and
    ``knows`` says whether a word means something to the base already, where these are known.
    """

    dataset: Dataset
    recipe: DataRecipe
    fingerprints: Mapping[Path, Fingerprint]
    count: Callable[[str], int] | None = None
    knows: Callable[[str], bool] | None = None

    @property
    def learned(self) -> tuple[Sample, ...]:
        """Return the pictures of what is learned: those of training and validation."""
        return self.dataset.training + self.dataset.validation

    @property
    def samples(self) -> tuple[Sample, ...]:
        """Return all pictures, those of regularisation last."""
        return self.learned + self.dataset.regularization


def within(path: Path, recipe: DataRecipe) -> str:
    """Return a path as it is printed: in the data folder, or beginning with the name of the regularisation folder."""
    for root in (recipe.folder, recipe.regularization and recipe.regularization.parent):
        if root and path.is_relative_to(root):
            return shown(path.relative_to(root))
    return shown(path)


Check = Callable[[Case], Iterator[Finding]]


def finding(level: Level, name: str, paths: tuple[Path, ...] = (), /, **values: object) -> Finding:
    """Return the finding of a name: its sentence is ``lint_<name>``, and its fix ``lint_<name>_fix``."""
    said, fix = (message(f"datasets.lint_{name}{end}", **values) for end in ("", "_fix"))
    return Finding(level=level, message=said, fix=fix, paths=paths)
