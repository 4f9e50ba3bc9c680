"""How well the LoRA of an invented character draws it: with its trigger, and what it does where that is not said.

Prompts of the character name what changes from picture to picture, and none of its traits. Prompts of others are those
of the examination: what the LoRA costs there is its drift.
"""

import random
from collections.abc import Sequence
from typing import Final

from animegen.chibi.artist import draw as render
from animegen.chibi.character import Character
from animegen.chibi.invented import Invented, invented
from animegen.errors import EvaluationFailed
from animegen.evaluation import metrics
from animegen.evaluation.report import Report
from animegen.experiments import conditions, scores
from animegen.experiments.conditions import Condition, Drawn, Named
from animegen.experiments.evaluate import request
from animegen.experiments.questions import Question, question
from animegen.experiments.scores import Answer
from animegen.experiments.trial import Trial

SHOWN: Final = 6
"""How many prompts, the first of the run, the report shows: a row each, under every condition."""
BASE: Final = Condition("without the LoRA", 0)
OTHERS: Final = Condition("others without the LoRA", 0)


def measure(trial: Trial, character: str = "") -> Report:
    """Draw prompts of a character and of others with its LoRA and without, score them, write and return the report.

    ``character`` is one of the invented ones; by default it is called as the LoRA. Raises EvaluationFailed when there
    is none of that name, when the trial has not one LoRA, or when the folder of the report holds readings by other code
    or weights.
    """
    lora = conditions.only_lora(trial)
    name = character or lora.name
    if name not in invented():
        raise EvaluationFailed("experiments.unknown_character", name=name, choices=tuple(invented()))
    known, weight = invented()[name], float(trial.loras[0].weight or 0)
    said = Condition("with the trigger", weight)
    silent, drift = (Condition(f"{who}without the trigger", weight, triggered=False) for who in ("", "others "))
    own = [_question(known, trial, seed) for seed in trial.seeds]
    others = [question(trial.split, seed) for seed in trial.seeds]
    asked = {said: own, silent: own, BASE: own, drift: others, OTHERS: others}
    drawn = conditions.draw(trial, {each: [request(one, trial.preset) for one in some] for each, some in asked.items()})
    answers = {each: conditions.answers(asked[each], lines) for each, lines in drawn.items()}
    return trial.report(
        f"The character {name} by the LoRA {lora.name} on {trial.model}: {trial.scope('prompts')}, {trial.preset}",
        [line for lines in drawn.values() for line in lines],
        [
            *_recognized(known, {each.name: answers[each] for each in (said, silent, BASE)}),
            *_recognized(known, {"the artist's": _renders(trial, own)}),
            *_changing(answers[said], answers[BASE], said.name),
            *_drift(trial, drawn, silent, BASE),
            *_drift(trial, drawn, drift, OTHERS),
            ("others, stated and right, lost", conditions.lost(answers[OTHERS], answers[drift])),
            *conditions.broken_rates(trial, drawn),
        ],
        prompts=[f"{each.name}: {asked[each][row].prompt}" for row in range(len(own))[:SHOWN] for each in drawn],
        images=conditions.rows(trial, drawn, SHOWN),
        columns=len(drawn),
        character=name,
    )


def _question(known: Invented, trial: Trial, seed: int) -> Question:
    """Return a prompt of a seed that names what changes, and nothing else."""
    (person,) = known.people(trial.split, seed, 1)
    return Question(
        seed=seed,
        character=person,
        prompt=known.caption(person, random.Random(seed)),
        stated=known.changing(person),
        wording="tags",
    )


def _renders(trial: Trial, questions: Sequence[Question]) -> list[Answer]:
    """Return what the judge reads of the artist's renders of the same appearances: no drawing can be read better."""
    people: list[Character] = [each.character for each in questions]
    pictures = conditions.reconstructed(trial, [render(each, trial.studio.row.native_size) for each in people])
    return [(each, trial.judge.read([picture])[0]) for each, picture in zip(questions, pictures, strict=True)]


def _recognized(known: Invented, answers: dict[str, list[Answer]]) -> Named:
    """Yield how often the character is recognised, and each of its traits."""
    for name, some in answers.items():
        found = [known.recognized_traits(reading, each.character) for each, reading in some]
        yield f"recognized, {name}", _share([all(traits.values()) for traits in found])
        for trait in found[0].keys() | {"eye_colour"} if name == "with the trigger" else ():
            yield f"{trait}, {name}", _share([traits[trait] for traits in found if trait in traits])


def _changing(said: Sequence[Answer], base: Sequence[Answer], name: str) -> Named:
    """Yield how often what prompts of the character state is drawn, and how much of it the LoRA costs."""
    for end, some in ((name, said), (BASE.name, base)):
        shares = dict(scores.attributes(some))
        yield from ((f"{each} as asked, {end}", shares[each]) for each in ("outfit", "emotion", "background"))
    yield "stated and right, lost", conditions.lost(base, said)


def _drift(trial: Trial, drawn: Drawn, changed: Condition, base: Condition) -> Named:
    """Yield how far pictures without the trigger are from those without the LoRA."""
    yield f"change of pixels (of 255), {changed.name}", conditions.changes(trial, drawn[changed], drawn[base])


def _share(answers: Sequence[bool]) -> metrics.Figure:
    return metrics.share(sum(answers), len(answers))
