"""A request from what a picture's settings say; nothing they say is trusted, and every change is told."""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

from animegen.errors import InvalidRequest
from animegen.pictures.infotext import control
from animegen.pictures.infotext.keys import KEYS, SOURCE, STRENGTH, TASK
from animegen.pictures.infotext.pairs import Pairs
from animegen.pictures.infotext.reader import Parameters
from animegen.pictures.sources import digest
from animegen.prompts.appearance import KINDS, features
from animegen.prompts.emotions import emotions
from animegen.prompts.presets import presets
from animegen.prompts.quality import qualities
from animegen.prompts.styles import styles
from animegen.tasks import TASKS, Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Still, Task, TextToImage
from animegen.tasks.canny import KINDS as PICTURES
from animegen.tasks.checks import FITS
from animegen.tasks.sheets import NEUTRAL

if TYPE_CHECKING:
    from PIL.Image import Image

USUAL: Final = TextToImage(prompt="1girl")
WORDS_ALONE: Final = "These settings are of a drawing that began with more than words; the words alone are used."
_USED: Final = frozenset(
    (
        *("Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model", "Model hash", "RNG", "Version"),
        *("Lora hashes",),
        *("Raw prompt", "Emotion", "Emotion strength", "Style", "Quality", "Preset"),
        *("Hair style", "Hair colour", "Outfit"),
    )
)
"""Keys that are understood, or that say nothing a person would miss."""
_OURS: Final = _USED | {TASK, SOURCE, STRENGTH, control.KEY, *KEYS.values()}

Restored = tuple[Task, tuple[str, ...]]


def to_task(
    parameters: Parameters, *, samplers: Collection[str] = (), loras: Collection[str] | None = None, model: str = ""
) -> tuple[TextToImage, tuple[str, ...]]:
    """Return the words and numbers as text to image, and a sentence for each value that had to be changed.

    Pictures of animegen come back with their pickers and their final prompt; those of other programs with the
    prompt and its LoRAs alone, and nothing is added to it. ``samplers`` and ``loras`` are the names that the studio
    knows, ``model`` is the one that it draws with; where none are given, any name is taken. Raises InvalidRequest
    when there is no prompt.
    """
    said = Pairs(parameters.pairs)
    words = _words(said, parameters, loras)
    if not (words["prompt"] or words["final_prompt"]).strip():
        raise InvalidRequest("These settings hold no prompt; type one, or choose another picture.")
    task = TextToImage(**words, **_emotion(said), **_sampling(said, samplers))
    if not parameters.pairs:
        said.notes.append("No settings were found; all of the text is the prompt.")
    said.tell_model(model)
    if _more_than_words(parameters.pairs):
        said.notes.append(WORDS_ALONE)
    said.tell_unused(_OURS if TASK in parameters.pairs else _USED)
    return task, tuple(said.notes)


def to_request(parameters: Parameters, *, source: "Image | None" = None, samplers: Collection[str] = ()) -> Restored:
    """Return the very request that drew the picture, and a sentence for each value that had to be changed.

    ``source`` is the picture it was drawn from, in the size it had or as it was prepared; the studio prepares it
    alike. Raises InvalidRequest when a source is needed and missing, or when there is no prompt where one is needed.
    """
    kind = parameters.pairs.get(TASK, TextToImage.name)
    if kind not in _FIELDS:
        return to_task(parameters, samplers=samplers)
    said = Pairs(parameters.pairs)
    values = _words(said, parameters) | _sampling(said, samplers) | _FIELDS[kind](said)
    if kind != ExpressionSheet.name:
        values["image"] = _source(parameters, source)
    task = _task(kind, values)
    said.tell_unused(_OURS)
    return task, tuple(said.notes)


def same_source(parameters: Parameters, prepared: "Image") -> bool:
    """Say whether a prepared picture is the one that the settings were drawn from, where they name one."""
    return parameters.pairs.get(SOURCE, digest(prepared)) == digest(prepared)


def _more_than_words(pairs: Mapping[str, str]) -> bool:
    """Say whether a drawing began with a picture or was one of several; A1111 tells a strength where it did.

    It tells one of its second pass too ("Hires ..."), which begins with words.
    """
    redrawn = STRENGTH in pairs and not any(key.startswith("Hires") for key in pairs)
    return redrawn if TASK not in pairs else pairs[TASK] not in (TextToImage.name, ExpressionSheet.name)


def _task(kind: str, values: dict[str, Any]) -> Task:
    """Return the task of that name; only a still has a final prompt, which stands as it is."""
    made = _KINDS[kind]
    if not issubclass(made, Still):
        del values["final_prompt"]
    return made(**values)


def _source(parameters: Parameters, source: "Image | None") -> "Image | None":
    if SOURCE in parameters.pairs and source is None:
        raise InvalidRequest("This picture was drawn from another one, which it does not hold; give that one too.")
    return source if SOURCE in parameters.pairs else None


def _redrawn(said: Pairs) -> dict[str, Any]:
    return _emotion(said) | _fit(said) | {"strength": said.fraction(STRENGTH, 1, 0.7)}


def _fit(said: Pairs) -> dict[str, Any]:
    """Return how the source was fitted; pictures that do not say it are older, and were cut to their middle."""
    return {"fit": said.choice(KEYS["fit"], FITS, "crop")}


def _led(said: Pairs) -> dict[str, Any]:
    """Return which edges lead the drawing, how much, and when."""
    unit = Pairs(control.read(said.pairs.get(control.KEY, "")), said.notes)
    key = control.KEYS
    low, end = unit.whole(key["low_threshold"], 1, 255, 100), unit.fraction(key["end"], 1, 1.0)
    return _emotion(said) | {
        **_fit(said),
        "image_kind": said.choice(KEYS["image_kind"], PICTURES, "auto"),
        "low_threshold": low,
        "high_threshold": unit.whole(key["high_threshold"], low, 255, max(low, 200)),
        "conditioning_scale": unit.fraction(key["conditioning_scale"], 2, 0.8),
        "start": unit.fraction(key["start"], max(end - 0.001, 0), 0.0),
        "end": end,
    }


def _between(said: Pairs) -> dict[str, Any]:
    """Return where a path begins and ends, and which of its frames this is."""
    ends = {end: said.row(KEYS[end], emotions(), "none") for end in ("from_emotion", "to_emotion")}
    strengths = {end: said.fraction(KEYS[end], 1, 0.8) for end in ("from_strength", "to_strength")}
    parts = {"shared_steps": said.fraction(KEYS["shared_steps"], 0.9, 0.0)}
    return (
        ends
        | strengths
        | parts
        | _fit(said)
        | _frames(said, (2, 32, 9))
        | {"strength": said.fraction(STRENGTH, 1, 0.7)}
    )


def _through(said: Pairs) -> dict[str, Any]:
    """Return the row of emotions of an animation, and which of its frames this is."""
    return {
        "emotions": said.row(KEYS["emotions"], emotions(), "none"),
        "emotion_strength": said.fraction(KEYS["emotion_strength"], 1, 0.8),
        "first_strength": said.fraction(KEYS["first_strength"], 1, 0.3),
        "last_strength": said.fraction(KEYS["last_strength"], 1, 0.7),
        **_fit(said),
        **_frames(said, (8, 16, 12)),
    }


def _sheet(said: Pairs) -> dict[str, Any]:
    """Return the emotions of a sheet, or the one of this picture, and whether its background was cut away."""
    return {
        "emotions": said.row(KEYS["emotions"], {*emotions(), NEUTRAL}, NEUTRAL),
        "emotion_strength": said.fraction(KEYS["emotion_strength"], 1, 1.0),
        "transparent": said.choice(KEYS["transparent"], ("True", "False"), "False") == "True",
    }


def _frames(said: Pairs, usual: tuple[int, int, int]) -> dict[str, Any]:
    frames = said.whole(KEYS["frames"], *usual)
    return {"frames": frames, "frame": said.whole(KEYS["frame"], 0, frames, 0)}


_FIELDS: Final[Mapping[str, Callable[[Pairs], dict[str, Any]]]] = {
    ImageToImage.name: _redrawn,
    Canny.name: _led,
    EmotionPath.name: _between,
    Animation.name: _through,
    ExpressionSheet.name: _sheet,
}
"""What each task has beside words and numbers, by its name."""
_KINDS: Final[Mapping[str, type[Task]]] = {kind.name: kind for kind in TASKS}


def _words(said: Pairs, parameters: Parameters, known: Collection[str] | None = None) -> dict[str, Any]:
    """Return prompts, style, quality and preset; the text above the pairs is final where a raw prompt stands beside."""
    prompt = said.text("prompt", parameters.prompt)
    raw = said.text("raw prompt", parameters.pairs.get("Raw prompt", ""))
    ours = "Raw prompt" in parameters.pairs
    return {
        "prompt": raw if ours else prompt,
        "final_prompt": prompt if ours else "",
        "negative_prompt": said.text("negative prompt", parameters.negative_prompt),
        "loras": said.loras(parameters.loras, known),
        **{kind: said.choice(KEYS[kind], features(kind), "none") for kind in KINDS},
        "style": said.choice("Style", styles(), "none"),
        "quality": said.choice("Quality", qualities(), "draft"),
        "preset": said.choice("Preset", presets(), USUAL.preset),
    }


def _emotion(said: Pairs) -> dict[str, Any]:
    return {
        "emotion": said.choice("Emotion", emotions(), "none"),
        "emotion_strength": said.fraction("Emotion strength", 1, USUAL.emotion_strength),
    }


def _sampling(said: Pairs, samplers: Collection[str]) -> dict[str, Any]:
    width, height = said.size()
    return {
        "steps": said.whole("Steps", 1, 150, 0),
        "guidance_scale": said.fraction("CFG scale", 30, 0.0, zero_means="the preset's"),
        "sampler": said.sampler(samplers),
        "width": width,
        "height": height,
        "seed": said.seed(),
    }
