"""A task as the A1111 "parameters" text, and back: what a picture carries so that it can be drawn again.

The prompt stands first and may have lines of its own, then ``Negative prompt:``, then one line of pairs. Values
with a comma, a colon, a quote or a line break are JSON strings. Where a prompt cannot be read back from the text
above the pairs (blank ends, a line that begins with ``Negative prompt:``), a quoted pair repeats it exactly.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import animegen
from animegen.errors import InvalidRequest
from animegen.infotext.keys import KEYS, SOURCE, TASK
from animegen.sources import digest
from animegen.tasks import Still, Task, TextToImage

MAX_TEXT: Final = 131_072
"""Longer text than this (in characters) is not read: the longest prompts, quoted twice, are shorter."""
NEGATIVE: Final = "Negative prompt:"
SCHEDULES: Final = ("Karras", "Exponential", "Beta", "SGM Uniform", "Simple")
# Keys are bounded so that text which only looks like pairs is read in linear time.
_PAIR: Final = re.compile(r'(\w[\w \-/]{1,60}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What a "parameters" text says; ``pairs`` are those of its last line as written, unknown ones included."""

    prompt: str
    negative_prompt: str = ""
    pairs: Mapping[str, str] = field(default_factory=dict)


def write(task: Task, model: str) -> str:
    """Return the text that draws a resolved task again (its final prompt, seed, steps, size and sampler filled).

    A frame between emotions has no final prompt; the character's words stand in its place, the emotions in the pairs.
    """
    prompt = task.final_prompt if isinstance(task, Still) else task.prompt
    negative = task.negative_prompt
    head = f"{prompt}\n{NEGATIVE} {negative}" if negative else prompt
    pairs = dict(_pairs(task, model))
    seen = read(f"{head}\n{_line(pairs)}")
    if seen.prompt != prompt:
        pairs["Exact prompt"] = prompt
    if seen.negative_prompt != negative:
        pairs["Exact negative prompt"] = negative
    return f"{head}\n{_line(pairs | {'Version': f'animegen-{animegen.__version__}'})}"


def _pairs(task: Task, model: str) -> Iterator[tuple[str, str]]:
    schedule = next((name for name in SCHEDULES if task.sampler.endswith(f" {name}")), "")
    yield "Steps", str(task.steps)
    yield "Sampler", task.sampler.removesuffix(f" {schedule}") if schedule else task.sampler
    if schedule:
        yield "Schedule type", schedule
    yield "CFG scale", str(float(task.guidance_scale))
    yield "Seed", str(task.seed)
    yield "Size", f"{task.width}x{task.height}"
    yield "Model", model
    yield "RNG", "CPU"
    if isinstance(task, TextToImage):
        yield "Raw prompt", task.prompt or task.final_prompt
    else:
        yield TASK, task.name
        yield "Raw prompt", task.prompt
    image = getattr(task, "image", None)
    if image is not None:
        yield SOURCE, digest(image)
    for name, key in KEYS.items():
        value = getattr(task, name, None)
        if value is not None and (name != "strength" or image is not None):
            yield key, value if isinstance(value, str) else str(value)


def _line(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {_quoted(value)}" for key, value in pairs.items())


def _quoted(value: str) -> str:
    plain = value and not re.search(r'[,:"\n\r\\]', value) and value == value.strip()
    return value if plain else json.dumps(value, ensure_ascii=False)


def read(text: str) -> Parameters:
    """Return what a "parameters" text says; without a line of pairs, all of it is the prompt.

    Raises InvalidRequest when the text is too long to be a picture's settings.
    """
    if len(text) > MAX_TEXT:
        raise InvalidRequest(f"These settings have {len(text):,} characters; at most {MAX_TEXT:,} are read.")
    lines = text.strip().split("\n")
    found = _PAIR.findall(lines[-1]) if lines[-1].startswith("Steps: ") else []
    pairs = {key: _unquoted(value) for key, value in found} if len(found) >= 3 else {}
    lines = lines[:-1] if pairs else lines
    start = next((at for at, line in enumerate(lines) if line.startswith(NEGATIVE)), len(lines))
    negative = "\n".join(lines[start:]).removeprefix(NEGATIVE)
    return Parameters(
        prompt=pairs.pop("Exact prompt", "\n".join(lines[:start]).strip()),
        negative_prompt=pairs.pop("Exact negative prompt", negative.strip()),
        pairs=pairs,
    )


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value
    return value
