"""One prompt drawn under several conditions: how heavy a LoRA is, and whether its trigger words are said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from animegen.chibi import broken
from animegen.errors import EvaluationFailed
from animegen.evaluation import metrics
from animegen.evaluation.metrics import Figure
from animegen.evaluation.run import Line
from animegen.experiments import evaluate
from animegen.experiments.broken import read
from animegen.experiments.questions import Question
from animegen.experiments.references import reconstruct
from animegen.experiments.scores import Answer, rightness
from animegen.experiments.trial import Trial, embedded_folder
from animegen.lora_files import Offer
from animegen.studio import Studio
from animegen.tasks import Lora, TextToImage

Named = Iterator[tuple[str, Figure]]
Drawn = Mapping["Condition", Sequence[Line]]
"""What was drawn under each condition, prompt by prompt."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A weight of the LoRA, 0 for none, and whether its trigger words are said; figures end with its ``name``."""

    name: str
    weight: float
    triggered: bool = True

    def apply(self, task: TextToImage, lora: Offer, studio: Studio) -> TextToImage:
        """Return the request under this condition; the words that the prompt is composed of stay the same."""
        with_lora = replace(task, loras=(Lora(lora.name, self.weight),))
        if self.triggered:
            return with_lora
        return replace(with_lora, final_prompt=studio.prompt(task).text)


def only_lora(trial: Trial) -> Offer:
    """Return the LoRA of a trial; raises EvaluationFailed where it has none or several."""
    if len(trial.loras) != 1:
        raise EvaluationFailed("experiments.one_lora", verb=trial.verb)
    return trial.studio.offers.offer(trial.loras[0].name, trial.studio.row.lora_base)


def draw(trial: Trial, tasks: Mapping[Condition, Sequence[TextToImage]]) -> dict[Condition, list[Line]]:
    """Draw and read the tasks of each condition; all pictures are kept."""
    lora = only_lora(trial)
    applied = [condition.apply(task, lora, trial.studio) for condition, some in tasks.items() for task in some]
    lines = iter(evaluate.draw_all(trial, applied))
    return {condition: [next(lines) for _ in some] for condition, some in tasks.items()}


def answers(questions: Sequence[Question], lines: Sequence[Line]) -> list[Answer]:
    """Return the questions with what the judge read in their drawings."""
    return [(each, line.observed["reading"]) for each, line in zip(questions, lines, strict=True)]


def lost(before: Sequence[Answer], after: Sequence[Answer]) -> Figure:
    """Return how much of what prompts state is read less than before: the mean over prompts of shares from 0 to 1.

    Both answer the same questions; one whose picture shows nothing of what is stated is left out.
    """
    pairs = [(rightness(*one), rightness(*other)) for one, other in zip(before, after, strict=True)]
    return metrics.mean([left - right for left, right in pairs if left is not None and right is not None])


def changes(trial: Trial, lines: Sequence[Line], base: Sequence[Line]) -> Figure:
    """Return by how much pixels differ from the base's pictures of the same seeds: their mean distance, 0 to 255."""
    pairs = zip(trial.drawings(lines), trial.drawings(base), strict=True)
    return metrics.mean([float(np.abs(_pixels(one) - _pixels(other)).mean()) for one, other in pairs])


def reconstructed(trial: Trial, renders: Sequence[Image.Image]) -> list[Image.Image]:
    """Return renders after the model's autoencoder: no drawing can be read better."""
    return [Image.fromarray(each.permute(1, 2, 0).numpy()) for each in reconstruct(trial.studio, renders)]


def _pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), dtype=np.float32)


def broken_rates(trial: Trial, drawn: Drawn) -> Named:
    """Yield the share of broken pictures under each condition; nothing where there is no detector."""
    path = embedded_folder() / broken.FILE
    if not path.exists():
        return
    detector = broken.load(path)
    for condition, lines in drawn.items():
        found = [each["broken"] > 0 for each in read(detector, trial.drawings(lines))]
        yield f"broken, {condition.name}", metrics.share(sum(found), len(found))


def rows(trial: Trial, drawn: Drawn, count: int) -> list[Image.Image]:
    """Return the pictures of the first prompts, those of a prompt under all conditions side by side."""
    columns = [trial.drawings(lines[:count]) for lines in drawn.values()]
    return [image for row in zip(*columns, strict=True) for image in row]
