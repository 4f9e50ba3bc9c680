"""Whether drawings can be distinguished from renders of the same characters, both after the autoencoder."""

from animegen.chibi.artist import draw as render
from animegen.evaluation.report import Report
from animegen.evaluation.two_sample import accuracy
from animegen.experiments.evaluate import SHOWN, draw_all, request
from animegen.experiments.questions import question
from animegen.experiments.references import fill, reconstruct
from animegen.experiments.trial import Trial


def measure(trial: Trial, steps: int = 400) -> Report:
    """Draw prompts, train a classifier for ``steps`` to distinguish them from renders, write the report and return it.

    The accuracy on unseen characters is reported with that of a classifier of two sets of renders, which must be
    about a half. Raises EvaluationFailed when the folder of the report holds readings by other code or weights.
    """
    questions = [question(trial.split, seed) for seed in trial.seeds]
    lines = draw_all(trial, [request(each, trial.preset) for each in questions])
    images, size, device = trial.drawings(lines), lines[0].observed["size"], trial.studio.parts.vae.device
    drawings = reconstruct(trial.studio, images)
    renders, others = (
        reconstruct(trial.studio, [render(fill(each, name), size) for each in questions])
        for name in ("reference", "floor")
    )
    accuracies = {
        "drawings told from renders": accuracy(drawings, renders, steps=steps, device=device, report=trial.say),
        "renders told from renders": accuracy(others, renders, steps=steps, device=device, report=trial.say),
    }
    return trial.report(
        f"Two-sample test of {trial.model}: {trial.scope('prompts')}, {trial.preset} (0.5: cannot be told)",
        lines,
        accuracies.items(),
        prompts=[each.prompt for each in questions[:SHOWN]],
        images=images[:SHOWN],
        steps=steps,
    )
