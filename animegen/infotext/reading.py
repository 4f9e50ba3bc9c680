"""The "parameters" text of A1111 and of all who write it, taken apart: prompt, negative prompt, LoRAs, pairs.

The prompt stands first and may have lines of its own, then ``Negative prompt:``, then one line of pairs that begins
with ``Steps:``. A value is a JSON string, or plain text up to a comma, or JSON as it is (Civitai's lists). Lines of
a dynamic prompt's template may follow. Nothing is understood here, and nothing is trusted.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from animegen.errors import InvalidRequest
from animegen.prompts.syntax import without_loras

MAX_TEXT: Final = 131_072
"""Longer text than this (in characters) is not read: the longest prompts, quoted twice, are shorter."""
NEGATIVE: Final = "Negative prompt:"
EXACT_PROMPT: Final = "Exact prompt"
EXACT_NEGATIVE: Final = "Exact negative prompt"
EXACT_LORAS: Final = "Exact LoRAs"
"""Pairs of animegen that repeat exactly what cannot be read back from the text above the pairs."""
# Keys are bounded so that text which only looks like pairs is read in linear time.
_PAIR: Final = re.compile(r'(\w[\w \-/]{1,60}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_SETTINGS: Final = re.compile(rf"(?:{NEGATIVE}\s*)?Steps: ")
"""Where the line of pairs begins; Civitai puts it behind an empty negative prompt."""
_TEMPLATE: Final = re.compile(r"(?:^|\n)(Template|Negative Template): ")
_JSON: Final = json.JSONDecoder()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What a "parameters" text says; ``pairs`` are those of its last line as written, unknown ones included.

    ``loras`` are what stood in the ``<lora:…>`` of the prompt.
    """

    prompt: str
    negative_prompt: str = ""
    loras: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)


def read(text: str) -> Parameters:
    """Return what a "parameters" text says; without a line of pairs, all of it is the prompt.

    Raises InvalidRequest when the text is too long to be a picture's settings.
    """
    if len(text) > MAX_TEXT:
        raise InvalidRequest(f"These settings have {len(text):,} characters; at most {MAX_TEXT:,} are read.")
    lines, pairs = _split(text.strip().split("\n"))
    start = next((at for at, line in enumerate(lines) if line.startswith(NEGATIVE)), len(lines))
    prompt, loras = without_loras("\n".join(lines[:start]))
    negative = "\n".join(lines[start:]).removeprefix(NEGATIVE)
    exact = pairs.pop(EXACT_LORAS, None)
    return Parameters(
        prompt=pairs.pop(EXACT_PROMPT, prompt.strip()),
        negative_prompt=pairs.pop(EXACT_NEGATIVE, negative.strip()),
        loras=loras if exact is None else tuple(exact.split()),
        pairs=pairs,
    )


def _split(lines: Sequence[str]) -> tuple[Sequence[str], dict[str, str]]:
    """Return the lines of the prompts and the pairs of the rest; less than three pairs are words of a prompt."""
    last = max((at for at, line in enumerate(lines) if _SETTINGS.match(line)), default=len(lines))
    behind = "\n".join(lines[last + 1 :])
    nothing, *templates = _TEMPLATE.split(behind)
    pairs = _pairs(lines[last]) if last < len(lines) and not nothing else {}
    if len(pairs) < 3:
        return lines, {}
    return lines[:last], pairs | dict(zip(templates[::2], templates[1::2], strict=True))


def _pairs(line: str) -> dict[str, str]:
    """Return the pairs of a line; JSON that does not end is read as plain text, and no more of it is looked for."""
    found: dict[str, str] = {}
    at, hopeful = line.index("Steps: "), True
    while match := _PAIR.search(line, at):
        at, value = match.end(), match[2]
        if hopeful and value[:1] in ("[", "{"):
            end = _end(line, match.start(2))
            hopeful = bool(end)
            at, value = (end, line[match.start(2) : end]) if end else (at, value)
        found[match[1]] = _unquoted(value)
    return found


def _end(line: str, start: int) -> int:
    """Return where the JSON ends that begins there and is all of a value, 0 where there is none."""
    try:
        end = int(_JSON.raw_decode(line, start)[1])
    except (ValueError, RecursionError):
        return 0
    return end if line[end : end + 1] in ("", ",") else 0


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        try:
            return str(json.loads(value))
        except ValueError:
            return value
    return value
