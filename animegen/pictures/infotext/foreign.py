"""Settings that other programs write as JSON, rewritten in A1111's form: those of Spaces, and Civitai's own."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from animegen.pictures.infotext.keys import STRENGTH
from animegen.pictures.infotext.reader import MAX_TEXT, read
from animegen.pictures.infotext.writer import joined
from animegen.prompts.syntax import without_loras

EXTRA: Final = "extraMetadata"
"""Where Civitai's generator puts what was requested, as JSON in the JSON of its graph."""
NEGATIVE: Final = ("negative_prompt", "negativePrompt")
KEYS: Final[Mapping[str, str]] = {
    "steps": "Steps",
    "num_inference_steps": "Steps",
    "sampler": "Sampler",
    "scheduler": "Schedule type",
    "guidance_scale": "CFG scale",
    "cfg_scale": "CFG scale",
    "cfgScale": "CFG scale",
    "seed": "Seed",
    "resolution": "Size",
    "size": "Size",
    "model": "Model",
    "Model": "Model",
    "Model hash": "Model hash",
    "strength": STRENGTH,
    "denoise": STRENGTH,
    "clipSkip": "Clip skip",
    "clip_skip": "Clip skip",
}
"""A1111's keys by those of the programs; others keep their names."""


def rewritten(text: str) -> str:
    """Return JSON that has a prompt and three settings in A1111's form, any other empty."""
    values = _loaded(text)
    if EXTRA in values:
        extra = values[EXTRA]
        values = extra if isinstance(extra, dict) else _loaded(str(extra))
    prompt, negative = values.get("prompt"), next((values[key] for key in NEGATIVE if key in values), "")
    if not isinstance(prompt, str) or not isinstance(negative, str):
        return ""
    words, loras = without_loras(prompt)
    found = joined(words.strip(), negative.strip(), loras, dict(_pairs(values)))
    return found if read(found).pairs else ""


def _loaded(text: str) -> dict[str, Any]:
    """Return a JSON object, an empty one for what is none or too long to be settings."""
    try:
        found = json.loads(text) if len(text) <= MAX_TEXT else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _pairs(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pairs; a size of two numbers is one pair, and a key that cannot be written as one is spelled anew."""
    if {"width", "height"} <= values.keys():
        yield "Size", f"{values['width']}x{values['height']}"
    for key, value in values.items():
        if key in ("prompt", *NEGATIVE, "width", "height") or value in (None, "", [], {}):
            continue
        written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        name = KEYS.get(key, re.sub(r"\W+", " ", key).strip()[:60])
        if len(name) > 1:
            yield name, re.sub(r"\s", "", written) if name == "Size" else written
