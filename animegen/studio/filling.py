"""What a request leaves open, as a model fills it: preset, size and seed, and the picture that it begins with."""

import random
from dataclasses import replace
from typing import TYPE_CHECKING

from animegen.errors import InvalidRequest
from animegen.models.table import ModelRow
from animegen.pictures import sources
from animegen.pictures.sources import Sides
from animegen.pipelines import samplers
from animegen.prompts.emotions import remove_emotions
from animegen.prompts.notes import shorten
from animegen.tasks import (
    MAX_SEED,
    Animation,
    Canny,
    EmotionPath,
    ExpressionSheet,
    ImageToImage,
    Still,
    Task,
    TextToImage,
)

if TYPE_CHECKING:
    from PIL.Image import Image


def filled(row: ModelRow, task: Task) -> Task:
    """Return the task with preset, size and seed resolved; its prompts are still as they were asked for.

    Raises InvalidRequest for what the model cannot draw.
    """
    named = samplers.spelled(task.sampler)
    preset = row.preset(task.preset, named)
    sampler, steps = named or preset.sampler, task.steps or preset.steps
    samplers.check(sampler, steps, row)
    return replace(
        task,
        steps=steps,
        guidance_scale=task.guidance_scale or preset.guidance_scale,
        sampler=sampler,
        width=_side(row, "width", task.width or preset.size),
        height=_side(row, "height", task.height or preset.size),
        seed=_seed(task),
    )


def prepared(row: ModelRow, task: Task) -> tuple[Task, tuple[str, ...]]:
    """Return the task with its source upright, RGB and at a size that the model draws, and what that took.

    The prompt of a sheet is left without emotions.

    Raises InvalidRequest for a source that cannot be read, or a size that the model cannot draw.
    """
    if isinstance(task, ExpressionSheet):
        return _without_emotions(task)
    if isinstance(task, TextToImage) or task.image is None:
        return task, ()
    if isinstance(task, Canny):
        return lined(row, task)
    image, remarks = sources.upright(task.image)
    size = _size(row, task, image)
    fitted, notes = sources.fitted(image, size, task.fit)
    return replace(task, image=fitted, width=size[0], height=size[1]), (*remarks, *notes)


def _without_emotions(task: ExpressionSheet) -> tuple[ExpressionSheet, tuple[str, ...]]:
    """Return a sheet whose prompt names no emotion, and what was left out: each of its faces has its own."""
    text, felt = remove_emotions(task.prompt)
    if not felt:
        return task, ()
    if not text:
        raise InvalidRequest("The prompt names emotions alone; describe the character, for example '1girl, blue hair'.")
    note = f"Every face of a sheet has its own emotion; these words of the prompt were left out: {shorten(felt)}."
    return replace(task, prompt=text), (note,)


def looked_at(row: ModelRow, task: Task) -> "Image | None":
    """Return the picture that a drawing begins with and whose looks it keeps, where the model can tell what they are.

    Of larger models it was never measured: the paper takes hundreds of noises (Li et al. 2023, 2303.16203).
    """
    match task:
        case ImageToImage(strength=strength) | EmotionPath(strength=strength) | Animation(last_strength=strength):
            return task.image if row.embedded and 0 < strength < 1 else None
    return None


def lined(row: ModelRow, task: Canny) -> tuple[Canny, tuple[str, ...]]:
    """Return the task with its picture ready for its edges to be seen, known for what it is, and what that took."""
    from animegen.pictures import edges

    image, remarks = sources.upright(task.image)
    ready, notes = edges.prepare(replace(task, image=image), _size(row, task, image))
    lines = edges.of(ready)
    strange = row.embedded and not edges.blank(lines) and not edges.is_bust(lines)
    return ready, (*remarks, *notes, *((edges.NO_BUST,) if strange else ()))


def _size(row: ModelRow, task: Task, image: "Image") -> tuple[int, int]:
    """Return the size to draw a picture at: what is asked for, else the picture's own as far as the model can."""
    width, height = Sides(row.native_size, row.min_size, row.max_size, row.size_step).of(*image.size)
    return _side(row, "width", task.width or width), _side(row, "height", task.height or height)


def _side(row: ModelRow, label: str, value: int) -> int:
    if not row.min_size <= value <= row.max_size or value % row.size_step:
        raise InvalidRequest(
            f"The {label} is {value}; {row.label} draws multiples of {row.size_step} "
            f"from {row.min_size} to {row.max_size} pixels."
        )
    return value


def _seed(task: Task) -> int:
    """Return the seed of the first picture; further pictures take the next ones, which must be seeds too."""
    count = task.count if isinstance(task, Still) else 1
    highest = MAX_SEED - count + 1
    if task.seed == -1:
        return random.SystemRandom().randint(0, highest)
    if task.seed > highest:
        raise InvalidRequest(f"{count} pictures from seed {task.seed} go past {MAX_SEED}; start at {highest} or below.")
    return task.seed
