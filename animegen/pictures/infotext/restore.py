"""A request from what a picture's settings say; nothing they say is trusted, and every change is noted."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from animegen.errors import InvalidRequest
from animegen.messages import Message, message
from animegen.pictures.infotext import control
from animegen.pictures.infotext.keys import A1111, KEYS, RAW, SOURCE, STRENGTH, TASK
from animegen.pictures.infotext.pairs import Pairs
from animegen.pictures.infotext.reader import Parameters
from animegen.pictures.sources import digest
from animegen.prompts.names import TABLES
from animegen.tasks import TASKS, Canny, ExpressionSheet, Still, Task, TextToImage, fields
from animegen.tasks.kinds import Names

if TYPE_CHECKING:
    from PIL.Image import Image

WORDS_ALONE: Final = message("infotext.words_alone")
_USED: Final = {*A1111, RAW} - {STRENGTH, "Clip skip"} | {
    KEYS[each.name] for each in fields(TextToImage) if each.name in KEYS
}
"""Keys that are understood, or that say nothing a person would miss."""
_OURS: Final = _USED | {TASK, SOURCE, STRENGTH, control.KEY, *KEYS.values()}
_KINDS: Final[Mapping[str, type[Task]]] = {kind.name: kind for kind in TASKS}
_ABSENT: Final[Mapping[str, Any]] = {"fit": "crop", "quality": "draft"}
"""What holds where the settings do not say it, if that is not the default: older pictures were cut to their middle."""

Restored = tuple[Task, tuple[Message, ...]]


def to_task(
    parameters: Parameters, *, samplers: Collection[str] = (), loras: Collection[str] | None = None, model: str = ""
) -> tuple[TextToImage, tuple[Message, ...]]:
    """Return the words and numbers as text to image, and a note on each value that had to be changed.

    Pictures of animegen come back with their pickers and their final prompt; those of other programs with the
    prompt and its LoRAs alone, and nothing is added to it. ``samplers`` and ``loras`` are the names that the studio
    knows, ``model`` is the one that it draws with; where none are given, any name is taken. Raises InvalidRequest
    when there is no prompt.
    """
    pairs = Pairs(parameters.pairs)
    words = _words(pairs, parameters, loras)
    if not (words["prompt"] or words["final_prompt"]).strip():
        raise InvalidRequest("infotext.no_prompt")
    task = TextToImage(**words, **_own(pairs, TextToImage), **_sampling(pairs, samplers))
    if not parameters.pairs:
        pairs.note("infotext.prompt_alone")
    pairs.note_model(model)
    if _more_than_words(parameters.pairs):
        pairs.notes.append(WORDS_ALONE)
    pairs.note_unused(_OURS if TASK in parameters.pairs else _USED)
    return task, tuple(pairs.notes)


def to_request(parameters: Parameters, *, source: "Image | None" = None, samplers: Collection[str] = ()) -> Restored:
    """Return the very request that drew the picture, and a note on each value that had to be changed.

    ``source`` is the picture it was drawn from, in the size it had or as it was prepared; the studio prepares it
    alike. Raises InvalidRequest when a source is needed and missing, or when there is no prompt where one is needed.
    """
    kind = parameters.pairs.get(TASK, TextToImage.name)
    if kind not in _KINDS or kind == TextToImage.name:
        return to_task(parameters, samplers=samplers)
    pairs = Pairs(parameters.pairs)
    task = _task(
        _KINDS[kind],
        _words(pairs, parameters) | _sampling(pairs, samplers) | _own(pairs, _KINDS[kind]),
        parameters,
        source,
    )
    pairs.note_unused(_OURS)
    return task, tuple(pairs.notes)


def same_source(parameters: Parameters, prepared: "Image") -> bool:
    """Say whether a prepared picture is the one that the settings were drawn from, where they name one."""
    return parameters.pairs.get(SOURCE, digest(prepared)) == digest(prepared)


def _more_than_words(pairs: Mapping[str, str]) -> bool:
    """Say whether a drawing began with a picture or was one of several; A1111 writes a strength where it did.

    It writes one of its second pass too ("Hires ..."), which begins with words.
    """
    redrawn = STRENGTH in pairs and not any(key.startswith("Hires") for key in pairs)
    return redrawn if TASK not in pairs else pairs[TASK] not in (TextToImage.name, ExpressionSheet.name)


def _task(kind: type[Task], values: dict[str, Any], parameters: Parameters, source: "Image | None") -> Task:
    """Return the request of that task; only a still has a final prompt, which stands as it is."""
    if not issubclass(kind, Still):
        del values["final_prompt"]
    if kind is not ExpressionSheet:
        values["image"] = _source(parameters, source)
    task: Task = kind(**values)
    return task


def _source(parameters: Parameters, source: "Image | None") -> "Image | None":
    if SOURCE in parameters.pairs and source is None:
        raise InvalidRequest("infotext.no_source")
    return source if SOURCE in parameters.pairs else None


def _own(pairs: Pairs, task: type[Task]) -> dict[str, Any]:
    """Return the values of the fields that have a key of animegen's own, or the denoising strength's."""
    found: dict[str, Any] = {}
    for field in fields(task):
        if field.name != "frame" and field.spec.key and (field.spec.key not in A1111 or field.spec.key == STRENGTH):
            otherwise = _ABSENT.get(field.name, field.default)
            if isinstance(field.kind, Names):
                otherwise = (next(iter(TABLES[field.kind.table]())),)
            found[field.name] = pairs.value(field, otherwise)
    if "frames" in found:
        found["frame"] = pairs.integer(KEYS["frame"], 1, found["frames"], None)
    return found | (_edges(pairs) if task is Canny else {})


def _edges(pairs: Pairs) -> dict[str, Any]:
    """Return which edges lead a drawing, how much, and when."""
    unit = Pairs(control.read(pairs.pairs.get(control.KEY, "")), pairs.notes)
    key = control.KEYS
    low = unit.integer(key["low_threshold"], 1, 255, Canny.low_threshold) or 1
    end = unit.number(key["end"], 1, Canny.end) or 1.0
    return {
        "low_threshold": low,
        "high_threshold": unit.integer(key["high_threshold"], low, 255, max(low, Canny.high_threshold)),
        "conditioning_scale": unit.number(key["conditioning_scale"], 2, Canny.conditioning_scale),
        "start": unit.number(key["start"], max(end - 0.001, 0), Canny.start),
        "end": end,
    }


def _words(pairs: Pairs, parameters: Parameters, known: Collection[str] | None = None) -> dict[str, Any]:
    """Return prompts and LoRAs; the text above the pairs is final where there is a raw prompt too."""
    prompt = pairs.text("prompt", parameters.prompt)
    raw = pairs.text("prompt", parameters.pairs.get(RAW, ""))
    ours = RAW in parameters.pairs
    return {
        "prompt": raw if ours else prompt,
        "final_prompt": prompt if ours else "",
        "negative_prompt": pairs.text("negative_prompt", parameters.negative_prompt),
        "loras": pairs.loras(parameters.loras, known),
    }


def _sampling(pairs: Pairs, samplers: Collection[str]) -> dict[str, Any]:
    width, height = pairs.size()
    return {
        "steps": pairs.integer("Steps", 1, 150, None),
        "guidance_scale": pairs.number("CFG scale", 30, None),
        "sampler": pairs.sampler(samplers),
        "width": width,
        "height": height,
        "seed": pairs.seed(),
    }
