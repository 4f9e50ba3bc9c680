"""Whether chibi's drawings can be told from the artist's renders of the same characters, both after the autoencoder."""

from animegen.chibi.artist import draw as render
from animegen.evaluation.report import Report
from animegen.evaluation.two_sample import accuracy
from animegen.experiments.evaluate import SHOWN, drawn, request
from animegen.experiments.questions import question
from animegen.experiments.references import filled, through
from animegen.experiments.trial import Chibi, Trial


def chibi(trial: Trial, steps: int = 400) -> Report:
    """Draw prompts, train a classifier for ``steps`` to tell drawings from renders, write the report and return it.

    Beside its accuracy on characters that it never saw stands that of a classifier of two sets of renders, which
    must be about a half. Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    model = Chibi.here()
    questions = [question(trial.split, seed) for seed in trial.seeds]
    lines = drawn(trial, model, [request(asked, trial.preset) for asked in questions])
    images, size, device = trial.drawings(lines), lines[0].observed["size"], model.studio.parts.vae.device
    drawings = through(model.studio, images)
    renders, others = (
        through(model.studio, [render(filled(asked, fill), size) for asked in questions])
        for fill in ("reference", "floor")
    )
    told = {
        "drawings told from renders": accuracy(drawings, renders, steps=steps, device=device, report=trial.say),
        "renders told from renders": accuracy(others, renders, steps=steps, device=device, report=trial.say),
    }
    return trial.report(
        f"Two-sample test of chibi: {trial.count} {trial.split} prompts, {trial.preset} (0.5: cannot be told)",
        lines,
        told.items(),
        model=model,
        prompts=[asked.prompt for asked in questions[:SHOWN]],
        images=images[:SHOWN],
        steps=steps,
    )
