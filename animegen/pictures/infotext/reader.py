"""The "parameters" text of A1111 and of all who write it, taken apart: prompt, negative prompt, LoRAs, pairs.

The prompt stands first and may have lines of its own, then ``Negative prompt:``, then one line of pairs that begins
with ``Steps:`` or another key that most programs write. A value is a JSON string, or plain text up to a comma, or JSON
as it is (Civitai's lists). Lines of a dynamic prompt's template may follow. Where all of it is one line, the pairs
begin at its last ``Steps:``. Nothing is understood here, and nothing is trusted.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from animegen.errors import InvalidRequest
from animegen.pictures.infotext.keys import A1111, SPELLED
from animegen.prompts.syntax import without_loras

MAX_TEXT: Final = 131_072
"""Longer text than this (in characters) is not read: the longest prompts, quoted twice, are shorter."""
NEGATIVE: Final = "Negative prompt:"
EXACT_PROMPT: Final = "Exact prompt"
EXACT_NEGATIVE: Final = "Exact negative prompt"
EXACT_LORAS: Final = "Exact LoRAs"
"""Pairs of animegen that repeat exactly what cannot be read back from the text above the pairs."""
BEHIND: Final = "text after the settings"
"""Stands among the pairs for lines that follow them."""
# Keys are bounded so that text which only looks like pairs is read in linear time.
_PAIR: Final = re.compile(r'(\w[\w \-/]{1,60}):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_NEGATIVE: Final = re.compile(rf"[ \t]*{NEGATIVE}", re.IGNORECASE)
_SETTINGS: Final = re.compile(rf"\s*(?:{NEGATIVE}\s*)?(?=(?:{'|'.join(A1111)}): )", re.IGNORECASE)
"""Where the line of pairs begins; Civitai puts it behind an empty negative prompt."""
_ENDS: Final = " \t\n,.;"
"""What parts prompts and pairs where all stand on one line."""
_TEMPLATE: Final = re.compile(r"(?:^|\n)(Template|Negative Template): ")
_JSON: Final = json.JSONDecoder()


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameters:
    """What a "parameters" text contains; ``pairs`` are those of its last line as written, unknown ones included.

    ``loras`` are what stood in the ``<lora:…>`` of the prompt.
    """

    prompt: str
    negative_prompt: str = ""
    loras: tuple[str, ...] = ()
    pairs: Mapping[str, str] = field(default_factory=dict)


def read(text: str) -> Parameters:
    """Return what a "parameters" text contains; without a line of pairs, all of it is the prompt.

    Raises InvalidRequest when the text is too long to be a picture's settings.
    """
    if len(text) > MAX_TEXT:
        raise InvalidRequest("infotext.too_long", count=f"{len(text):,}", most=f"{MAX_TEXT:,}")
    prompt, negative, pairs = _split(text.replace("\r\n", "\n").strip())
    prompt, loras = without_loras(prompt)
    exact = pairs.pop(EXACT_LORAS, None)
    return Parameters(
        prompt=pairs.pop(EXACT_PROMPT, prompt.strip()),
        negative_prompt=pairs.pop(EXACT_NEGATIVE, negative.strip()),
        loras=loras if exact is None else tuple(exact.split()),
        pairs=pairs,
    )


def _split(text: str) -> tuple[str, str, dict[str, str]]:
    """Return prompt, negative prompt and pairs; without any pairs all of it is the prompt."""
    lines = text.split("\n")
    for at in reversed(range(len(lines))):
        if (begin := _SETTINGS.match(lines[at])) and (pairs := _pairs(lines[at], begin.end())):
            return *_prompts(lines[:at]), pairs | _behind(lines[at + 1 :])
    return _inline(text) or (*_prompts(lines), {})


def _prompts(lines: Sequence[str]) -> tuple[str, str]:
    start = next((at for at, line in enumerate(lines) if _NEGATIVE.match(line)), len(lines))
    return "\n".join(lines[:start]), _NEGATIVE.sub("", "\n".join(lines[start:]), count=1)


def _inline(text: str) -> tuple[str, str, dict[str, str]] | None:
    """Return prompt, negative prompt and pairs of a text that has them on one line, None where it has no pairs."""
    at = text.rfind("Steps: ")
    line, *behind = text[at:].split("\n")
    if at < 0 or not (pairs := _pairs(line)):
        return None
    prompt, _, negative = text[:at].partition(NEGATIVE)
    return prompt.rstrip(_ENDS), negative.rstrip(_ENDS), pairs | _behind(behind)


def _behind(lines: Sequence[str]) -> dict[str, str]:
    """Return what follows the pairs as more of them: a dynamic prompt's templates, and other lines."""
    other, *templates = _TEMPLATE.split("\n".join(lines))
    return dict(zip(templates[::2], templates[1::2], strict=True)) | ({BEHIND: other} if other.strip() else {})


def _pairs(line: str, at: int = 0) -> dict[str, str]:
    """Return the pairs from a place of a line on, none where they are too few to be settings and not words of a prompt.

    JSON that does not end is read as plain text, and no more of it is looked for.
    """
    found: dict[str, str] = {}
    hopeful = True
    while match := _PAIR.search(line, at):
        at, value = match.end(), match[2]
        if hopeful and value[:1] in ("[", "{"):
            end = _end(line, match.start(2))
            hopeful = bool(end)
            at, value = (end, line[match.start(2) : end]) if end else (at, value)
        found[SPELLED.get(match[1].lower(), match[1])] = _unquoted(value)
    usual = found.keys() & set(A1111)
    return found if len(usual) >= 3 or (len(found) >= 3 and "Steps" in usual) else {}


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
