"""A training run as its folder tells it, read while a trainer may be writing there; nothing is changed."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from animegen.lora_files.folders import inside
from animegen.training.launching import trains

STATUS: Final = "status.json"
RECIPE: Final = "recipe.yaml"
STOP: Final = "stop"
"""The file that asks a trainer to leave with a checkpoint; it removes it."""
POINTS: Final = 100
"""How many points of the training loss are kept; each is the mean of its share of the steps."""

Reported = Literal["running", "stopped", "finished", "failed"]
State = Literal["running", "stopping", "stopped", "finished", "failed", "interrupted", "unknown"]
"""``interrupted`` is a run that calls itself running and is not; ``unknown`` one whose status cannot be read."""
Point = tuple[int, float]
"""A step, and a loss."""

_LAST: Final = 4096
"""Bytes at the end of a log in which its last line is looked for."""
_CLIP: Final = 300
_SAMPLE = re.compile(r"e(\d{3,6})-(\d{1,3})\.png")
_EPOCH = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*-e(\d{3,6})\.safetensors")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Status(BaseModel):
    """What a trainer writes of itself; unknown fields are ignored."""

    model_config = ConfigDict(frozen=True)

    state: str = ""
    step: int = Field(default=0, ge=0)
    steps: int = Field(default=0, ge=0)
    epoch: int = Field(default=0, ge=0)
    epochs: int = Field(default=0, ge=0)
    seconds_a_step: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    pid: int = Field(default=0, ge=0, lt=2**31)
    message: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metrics:
    """The losses of a run by step, and |dW| / |W| by layer group after its last epoch."""

    training: tuple[Point, ...] = ()
    validation: tuple[Point, ...] = ()
    change: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A run: its folder, how far it is, and how it stands with it."""

    folder: Path
    status: Status
    state: State

    @property
    def name(self) -> str:
        """The folder's own name."""
        return self.folder.name

    @property
    def alive(self) -> bool:
        """Whether its trainer is at work."""
        return self.state in ("running", "stopping")

    @property
    def resumable(self) -> bool:
        """Whether a trainer could go on with it."""
        return self.state in ("stopped", "failed", "interrupted") and (self.folder / RECIPE).is_file()

    @property
    def seconds_left(self) -> float:
        """Seconds to its last step at its present pace, 0 where that is not known."""
        return max(self.status.steps - self.status.step, 0) * self.status.seconds_a_step

    @property
    def message(self) -> str:
        """What its trainer says of it; of one that failed or is gone without a word, the last line of its log."""
        silent = self.state in ("failed", "interrupted") and not self.status.message
        return (_last_line(self.folder / "train.log") if silent else self.status.message)[:_CLIP]

    def metrics(self) -> Metrics:
        """Read the losses; of a step that was done twice the later counts."""
        training, validation, change = dict[int, float](), dict[int, float](), dict[str, float]()
        for line in _lines(self.folder / "metrics.jsonl"):
            step = line.get("step")
            if not isinstance(step, int):
                continue
            if _finite(line.get("loss")):
                training[step] = line["loss"]
            if _finite(line.get("validation_loss")):
                validation[step] = line["validation_loss"]
            if isinstance(groups := line.get("change"), dict):
                change = {str(group): value for group, value in groups.items() if _finite(value)}
        return Metrics(
            training=_means(sorted(training.items())),
            validation=tuple(sorted(validation.items())),
            change=tuple(change.items()),
        )

    def samples(self) -> dict[int, tuple[Path, ...]]:
        """Return the pictures after each epoch, 0 for those before the first."""
        found: dict[int, dict[int, Path]] = {}
        for path, epoch, number in _named(self.folder / "samples", _SAMPLE):
            found.setdefault(epoch, {})[number] = path
        return {epoch: tuple(path for _, path in sorted(found[epoch].items())) for epoch in sorted(found)}

    def epochs(self) -> dict[int, Path]:
        """Return the LoRA file of each epoch that was kept."""
        return {epoch: path for path, epoch in sorted(_named(self.folder / "epochs", _EPOCH))}

    def prompts(self) -> tuple[str, ...]:
        """Return the prompts of the samples in their order; none where the recipe cannot be read."""
        try:
            recipe = yaml.safe_load((self.folder / RECIPE).read_bytes())
            return tuple(map(str, recipe["samples"]["prompts"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError, yaml.YAMLError):
            return ()

    def plan(self) -> Mapping[str, Any]:
        """Return what was planned before the first step, and what the linter found; empty where that cannot be read."""
        found = _read_json(self.folder / "plan.json")
        return found if isinstance(found, dict) else {}


def read(folder: Path) -> Run:
    """Return the run in a folder."""
    try:
        status = Status.model_validate(_read_json(folder / STATUS))
    except ValidationError:
        return Run(folder=folder, status=Status(), state="unknown")
    return Run(folder=folder, status=status, state=_state(folder, status))


def _state(folder: Path, status: Status) -> State:
    if status.state not in get_args(Reported):
        return "unknown"
    if status.state != "running":
        return status.state  # type: ignore[return-value]
    if not trains(status.pid, folder):
        return "interrupted"
    return "stopping" if (folder / STOP).exists() else "running"


def _read_json(path: Path) -> Any:
    """Return what a file holds, None where that is nothing or not whole."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON lines file; what is no object, such as the half of a last line, is passed over."""
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _named(folder: Path, pattern: re.Pattern[str]) -> Iterator[Any]:
    """Yield each file of a folder whose name has a form, with the form's numbers; links that lead out are no files."""
    try:
        paths = list(folder.iterdir())
    except OSError:
        return
    for path in paths:
        if (match := pattern.fullmatch(path.name)) and inside(path, folder.parent) and path.is_file():
            yield path, *map(int, match.groups())


def _last_line(path: Path) -> str:
    """Return the last line of a log that is not empty, without the codes that colour a terminal."""
    try:
        with path.open("rb") as log:
            log.seek(max(path.stat().st_size - _LAST, 0))
            text = log.read().decode(errors="replace")
    except OSError:
        return ""
    lines = [line.strip() for line in _ESCAPE.sub("", text).replace("\r", "\n").splitlines()]
    return next(filter(None, reversed(lines)), "")


def _finite(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _means(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return at most POINTS points, each the last step and the mean loss of as many steps."""
    width = max(math.ceil(len(points) / POINTS), 1)
    parts = [points[start : start + width] for start in range(0, len(points), width)]
    return tuple((part[-1][0], sum(loss for _, loss in part) / len(part)) for part in parts)
