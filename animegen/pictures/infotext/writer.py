"""A task as the "parameters" text of A1111: what a picture carries so that it can be drawn again.

Values with a comma, a colon, a quote or a line break are JSON strings. Where a prompt cannot be read back from the text
above the pairs (blank ends, a line that begins with ``Negative prompt:``, a tag), a quoted pair repeats it exactly.
"""

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import animegen
from animegen.pictures.infotext import control
from animegen.pictures.infotext.keys import A1111, RAW, SOURCE, STRENGTH, TASK
from animegen.pictures.infotext.reader import EXACT_LORAS, EXACT_NEGATIVE, EXACT_PROMPT, NEGATIVE, read
from animegen.pictures.sources import digest
from animegen.tasks import Canny, Still, Task, TextToImage, fields

NONE: Final[Mapping[str, str]] = MappingProxyType({})
SCHEDULES: Final = ("Karras", "Exponential", "Beta", "SGM Uniform", "Simple")
LOST: Final = str.maketrans("", "", "\0\ufeff")
"""Characters that a JPEG, a WebP or a film may lose; they stand escaped in the pairs."""


def write(task: Task, model: str, lora_hashes: Mapping[str, str] = NONE) -> str:
    """Return the text that draws a picture again, by the request that its ``task`` is, in which everything is set.

    ``lora_hashes`` identify the files of the LoRAs by their names; one without a file of its own has none.
    A frame between emotions has no final prompt; the character's words stand in its place, the emotions in the pairs.
    """
    prompt = task.final_prompt if isinstance(task, Still) else task.prompt
    loras = tuple(f"{each.name}:{each.weight}" for each in task.loras)
    version = {"Version": f"animegen-{animegen.__version__}"}
    return joined(prompt, task.negative_prompt, loras, dict(_pairs(task, model, lora_hashes)), version)


def joined(
    prompt: str, negative: str, loras: tuple[str, ...], pairs: Mapping[str, str], last: Mapping[str, str] = NONE
) -> str:
    """Return words, LoRAs (``name:weight``) and pairs as one text; ``last`` are the pairs that end it."""
    tagged = prompt + "".join(f" <lora:{each}>" for each in loras)
    head = (f"{tagged}\n{NEGATIVE} {negative}" if negative else tagged).translate(LOST)
    seen = read(f"{head}\n{_line(pairs)}")
    exact = {
        EXACT_PROMPT: (prompt, seen.prompt),
        EXACT_NEGATIVE: (negative, seen.negative_prompt),
        EXACT_LORAS: (" ".join(loras), " ".join(seen.loras)),
    }
    repeated = {key: meant for key, (meant, found) in exact.items() if meant != found}
    return f"{head}\n{_line({**pairs, **repeated, **last})}"


def _pairs(task: Task, model: str, lora_hashes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs in A1111's order, then animegen's own."""
    sampler = task.sampler or ""
    schedule = next((name for name in SCHEDULES if sampler.endswith(f" {name}")), "")
    yield "Steps", str(task.steps)
    yield "Sampler", sampler.removesuffix(f" {schedule}") if schedule else sampler
    if schedule:
        yield "Schedule type", schedule
    yield "CFG scale", str(float(task.guidance_scale or 0))
    yield "Seed", str(task.seed)
    yield "Size", f"{task.width}x{task.height}"
    yield "Model", model
    image = getattr(task, "image", None)
    if image is not None and hasattr(task, "strength"):
        yield STRENGTH, str(task.strength)
    yield "RNG", "CPU"
    if isinstance(task, Canny):
        yield control.KEY, control.write(task)
    if lora_hashes:
        yield "Lora hashes", ", ".join(f"{name}: {autov3}" for name, autov3 in lora_hashes.items())
    if not isinstance(task, TextToImage):
        yield TASK, task.name
    yield RAW, task.prompt or (task.final_prompt if isinstance(task, TextToImage) else "")
    if image is not None:
        yield SOURCE, digest(image)
    for field in fields(type(task)):
        if field.spec.key not in ("", *A1111):
            yield field.spec.key, _written(getattr(task, field.name))


def _written(value: object) -> str:
    """Return a value as text: names with commas between them, and 0 for what is unset."""
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "0" if value is None else str(value)


def _line(pairs: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {_quoted(value)}" for key, value in pairs.items())


def _quoted(value: str) -> str:
    plain = value and not re.search(r'[,:"\n\r\\\0]|^[\[{]', value) and value == value.strip()
    return value if plain else json.dumps(value, ensure_ascii=False)
