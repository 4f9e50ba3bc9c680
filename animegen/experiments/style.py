"""How well the LoRA of a look paints: the style judge reads its drawings, and the judge what prompts state in them.

The same prompts and seeds are drawn at several weights, and without the trigger, which shows what the LoRA does there.
"""

from collections.abc import Sequence
from typing import Final

from animegen.chibi import style_judge
from animegen.chibi.artist import draw as render
from animegen.chibi.artist.looks import LOOKS, finish
from animegen.errors import EvaluationFailed
from animegen.evaluation import metrics
from animegen.evaluation.metrics import Figure
from animegen.evaluation.report import Report
from animegen.experiments import conditions, scores
from animegen.experiments.conditions import Condition, Drawn, Named
from animegen.experiments.evaluate import request
from animegen.experiments.questions import Question, question
from animegen.experiments.references import fill
from animegen.experiments.trial import Trial, embedded_folder

BASE: Final = Condition("weight 0", 0)
FULL: Final = Condition("weight 1", 1)
SILENT: Final = Condition("weight 1 without the trigger", 1, triggered=False)
WEIGHTS: Final = (BASE, Condition("weight 0.5", 0.5), FULL)
SHOWN: Final = 6
"""How many prompts, the first of the run, the report shows: a row each, under every condition."""


def measure(trial: Trial, look: str = "") -> Report:
    """Draw prompts with a LoRA at several weights, score them, write the report and return it.

    ``look`` is one of the artist's looks; by default the style of the LoRA, or its name. Raises EvaluationFailed when
    there is no such look, when the trial has not one LoRA, or when the folder of the report holds readings by other
    code or weights, ModelUnavailable when there is no style judge.
    """
    lora = conditions.only_lora(trial)
    look = look or lora.style or lora.name
    if look not in LOOKS:
        raise EvaluationFailed("experiments.unknown_look", look=look, choices=tuple(LOOKS))
    reader = style_judge.load(embedded_folder() / style_judge.FILE)
    questions = [question(trial.split, seed) for seed in trial.seeds]
    tasks = [request(each, trial.preset) for each in questions]
    wanted = (*WEIGHTS, SILENT) if lora.triggers else WEIGHTS
    drawn = conditions.draw(trial, dict.fromkeys(wanted, tasks))
    return trial.report(
        f"The look {look} by the LoRA {lora.name} on {trial.model}: {trial.scope('prompts')}, {trial.preset}",
        [line for lines in drawn.values() for line in lines],
        [
            *_styles(trial, drawn, look, reader),
            *_attributes(questions, drawn),
            *_of_renders(trial, questions, look),
            *conditions.broken_rates(trial, drawn),
            *_validation(),
        ],
        prompts=[f"{condition.name}: {each.prompt}" for each in questions[:SHOWN] for condition in drawn],
        images=conditions.rows(trial, drawn, SHOWN),
        columns=len(drawn),
        look=look,
    )


def _styles(trial: Trial, drawn: Drawn, look: str, reader: style_judge.StyleJudge) -> Named:
    """Yield how often the look is read, and how far the pictures are from those without the LoRA."""
    for condition, lines in drawn.items():
        read = [reader.read([image])[0] for image in trial.drawings(lines)]
        yield f"{look}, {condition.name}", _share(read, look)
        if condition is BASE:
            yield f"{style_judge.PLAIN}, {condition.name}", _share(read, style_judge.PLAIN)
        else:
            yield f"change of pixels (of 255), {condition.name}", conditions.changes(trial, lines, drawn[BASE])


def _attributes(questions: Sequence[Question], drawn: Drawn) -> Named:
    """Yield how much of what prompts state is read, and how much of it the LoRA costs, prompt by prompt."""
    answers = {condition: conditions.answers(questions, lines) for condition, lines in drawn.items()}
    for condition, some in answers.items():
        yield f"average of attributes, {condition.name}", dict(scores.averages(some))["average of attributes"]
        if condition is not BASE:
            yield f"stated and right, lost by {condition.name}", conditions.lost(answers[BASE], some)
    for name, figure in scores.attributes(answers[FULL]):
        yield f"{name}, {FULL.name}", figure


def _of_renders(trial: Trial, questions: Sequence[Question], look: str) -> Named:
    """Yield what the judge reads of the artist's own renders in the look: no drawing can be read better."""
    size = trial.studio.row.native_size
    painted = [finish(render(fill(each, "reference"), size), look, each.seed) for each in questions]
    pictures = conditions.reconstructed(trial, painted)
    answers = [(each, trial.judge.read([picture])[0]) for each, picture in zip(questions, pictures, strict=True)]
    yield f"average of attributes, the artist's {look}", dict(scores.averages(answers))["average of attributes"]


def _validation() -> Named:
    about = style_judge.about(embedded_folder() / style_judge.FILE)
    for name, figure in about.get("validation", {}).items():
        yield f"style judge's validation, {name}", Figure(**figure)


def _share(read: Sequence[str], wanted: str) -> Figure:
    return metrics.share(read.count(wanted), len(read))
