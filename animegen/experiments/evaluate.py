"""How well chibi draws what it is asked for: prompts it never saw, read by the judge.

A broken run resumes: each picture's reading is a line of ``readings.jsonl``, and lines of other weights are refused.
"""

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from animegen.chibi import exam, judge
from animegen.chibi.character import ACCESSORIES, SCORED_STRENGTH, VOCABULARY, Character, Split, characters, labels
from animegen.errors import EvaluationFailed
from animegen.evaluation import metrics
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import Report, commit
from animegen.models import loading, table
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import Picture, TextToImage

FIRST_SEED: Final[dict[str, int]] = {"test": 0, "validation": 10_000}


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A prompt that states part of a character; the picture is drawn with the same seed as the prompt was made."""

    seed: int
    character: Character
    prompt: str
    stated: frozenset[str]


def question(part: Split, seed: int) -> Question:
    """Return the question of a seed: a character of the part, its emotion made clear enough to be scored."""
    rng = random.Random(seed)
    character = characters(part, seed, 1)[0]
    character = replace(character, strength=max(character.strength, rng.uniform(SCORED_STRENGTH, 1)))
    prompt, stated = exam.evaluation_prompt(character, rng)
    return Question(seed=seed, character=character, prompt=prompt, stated=stated)


def chibi(
    *, count: int, split: Split, out: Path, report: Callable[[str], None], seed_from: int = 0, preset: str = "balanced"
) -> Report:
    """Draw ``count`` prompts of a split, score them, write the report to ``out`` and return it.

    Seeds count up from ``seed_from`` (0 is where the split's own begin). Raises EvaluationFailed when ``out``
    holds readings of other weights or another preset.
    """
    began = time.monotonic()
    folder = loading.folder_of(table.rows()["chibi"])
    run = {"weights": weights_hash(folder), "preset": preset, "split": split}
    first = FIRST_SEED[split] + seed_from
    questions = [question(split, seed) for seed in range(first, first + count)]
    studio, reader = Studio.load(Settings(model="chibi")), judge.load(folder / "judge.safetensors")

    def read(asked: Question) -> dict[str, str]:
        picture = draw(studio, asked, preset)
        return reader.read([picture.image])[0]

    readings = list(resumed(questions, read, out, run, report))
    result = Report(
        title=f"chibi: {count} {split} prompts, {preset}",
        command=f"animegen evaluate chibi --split {split} --count {count} --seed-from {seed_from} --preset {preset}",
        commit=commit(),
        weights=run["weights"],
        n=len(readings),
        seconds=time.monotonic() - began,
        figures=dict(figures(questions, readings)),
    )
    result.write(out)
    report(result.markdown())
    return result


def draw(studio: Studio, asked: Question, preset: str) -> Picture:
    """Return the picture of a question."""
    return studio.pictures(TextToImage(prompt=asked.prompt, preset=preset, quality="draft", seed=asked.seed))[0]


def resumed(
    questions: list[Question],
    read: Callable[[Question], dict[str, str]],
    out: Path,
    run: dict[str, str],
    report: Callable[[str], None],
) -> Iterator[dict[str, str]]:
    """Yield the reading of each question in order, from ``out`` where it lies there already, saying how far it is."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "readings.jsonl"
    known = {line["seed"]: line for line in map(json.loads, path.read_text().splitlines())} if path.exists() else {}
    if strangers := [line for line in known.values() if line["run"] != run]:
        raise EvaluationFailed(f"{out} holds readings of another run ({strangers[0]['run']}); choose a new folder.")
    right = 0
    with path.open("a", encoding="utf-8") as file:
        for number, asked in enumerate(questions, 1):
            if asked.seed not in known:
                known[asked.seed] = {"seed": asked.seed, "reading": read(asked), "run": run}
                file.write(json.dumps(known[asked.seed]) + "\n")
                file.flush()
            reading = known[asked.seed]["reading"]
            right += reading["emotion"] == asked.character.emotion
            if number % 50 == 0 or number == len(questions):
                report(f"n = {number}: emotion {right / number:.1%}")
            yield reading


def figures(questions: list[Question], readings: list[dict[str, str]]) -> Iterator[tuple[str, Figure]]:
    """Yield name and figure: the share of right readings of each stated attribute, accessories, open attributes."""
    pairs = list(zip(questions, readings, strict=True))
    for name in VOCABULARY:
        seen = [(labels(asked.character)[name], reading[name]) for asked, reading in pairs if name in asked.stated]
        scored = [wanted == found for wanted, found in seen if wanted is not None]
        yield name, metrics.share(sum(scored), len(scored))
    stated = [reading[name] == "yes" for asked, reading in pairs for name in ACCESSORIES if name in asked.stated]
    yield "accessories that were asked for", metrics.share(sum(stated), len(stated))
    for name in ("hair_colour", "hair_style", "eye_colour", "outfit", "background"):
        yield f"entropy of {name} where open, share of the data's", _open_entropy(name, pairs)


def _open_entropy(name: str, pairs: Iterable[tuple[Question, dict[str, str]]]) -> Figure:
    """Return the entropy of what the judge finds, over that of the characters the prompts were made from."""
    left_open = [(asked, reading) for asked, reading in pairs if name not in asked.stated]
    found = metrics.entropy(reading[name] for _, reading in left_open)
    data = metrics.entropy(str(getattr(asked.character, name)) for asked, _ in left_open)
    value = found / data if data else 0.0
    return Figure(value=value, low=value, high=value, n=len(left_open))


def weights_hash(folder: Path) -> str:
    """Return one hash over all weights of a model folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.safetensors")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()
