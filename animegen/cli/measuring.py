"""The verbs that measure: how well a model draws, the embedded one where no other is named, and how fast."""

from collections.abc import Callable
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from animegen.cli.terminal import say

if TYPE_CHECKING:
    from animegen.evaluation.report import Report
    from animegen.experiments.trial import Trial
    from animegen.studio import Studio

Part = Annotated[Literal["test", "validation"], typer.Option(help="Choose on validation, report on test.")]
Begin = Annotated[int, typer.Option(min=0, help="How far into the split's seeds to begin.")]
Preset = Annotated[str, typer.Option(help="fast, balanced or quality.")]
Model = Annotated[str, typer.Option(help="The model that draws: one of `animegen models`, a folder or a repository.")]
Loras = Annotated[list[str], typer.Option("--lora", metavar="NAME[:WEIGHT]", help="A LoRA to draw with; repeatable.")]
Runs = Annotated[Path, typer.Option(help="The folder for the report; a broken run resumes there.")]
Card = Annotated[bool, typer.Option("--card", help="Keep the report: in the card of the weights, or beside the LoRA.")]

evaluate = typer.Typer(help="Draw, and score what was drawn.", no_args_is_help=True)


def open_studio(model: str) -> "Studio":
    """Return the studio of a model, with the LoRAs that the settings name. Raises ModelUnavailable."""
    from animegen.settings import settings
    from animegen.studio import Studio

    return Studio.load(settings().model_copy(update={"model": model}))


def report(trial: "Trial", measure: Callable[[], "Report"], *, card: bool, of_lora: bool = False) -> None:
    """Make the report of a trial; with ``card`` put it into the card, or among the reports of the LoRAs.

    Raises EvaluationFailed where it cannot be.
    """
    if not card:
        measure()
        return
    from animegen.chibi.build.card import add
    from animegen.experiments import lora_reports

    lora_reports.require_offered(trial) if of_lora else trial.require_card()
    result = measure()
    trial.spend()
    say(lora_reports.keep(trial, result) if of_lora else add(trial.verb, result))


def measures(count: int, what: str, *, of_lora: bool = False) -> Callable[[Callable[..., "Report"]], None]:
    """Make a function of a Trial into a verb, with the options that all of these have and those of its own.

    ``count`` is how many it draws by default, ``what`` the help of that option; ``of_lora`` says that its report is
    about a LoRA and does not belong into the card of the weights.
    """

    def decorate(function: Callable[..., "Report"]) -> None:
        verb = function.__name__.replace("_", "-")
        counted = Annotated[int, typer.Option(min=1, help=what)]

        def command(
            count: counted = count,
            seed_from: Begin = 0,
            split: Part = "test",
            preset: Preset = "balanced",
            out: Runs = Path(f"runs/evaluate-{verb}"),  # a path never changes
            card: Card = False,
            model: Model = "chibi",
            lora: Loras = [],  # noqa: B006  # typer only reads it
            **own: Any,
        ) -> None:
            from animegen.experiments.trial import Trial, load_judge
            from animegen.tasks.loras import loras

            trial = Trial(
                verb=verb, studio=open_studio(model), judge=load_judge(), loras=loras(lora), count=count,
                seed_from=seed_from, split=split, preset=preset, out=out, say=say,
            )  # fmt: skip
            report(trial, lambda: function(trial, **own), card=card, of_lora=of_lora)

        shared = list(signature(command).parameters.values())[:-1]
        added = list(signature(function).parameters.values())[1:]
        command.__signature__ = Signature([*shared, *added])  # type: ignore[attr-defined]
        evaluate.command(verb, help=function.__doc__)(command)

    return decorate


@measures(1000, "How many prompts.")
def chibi(
    trial: "Trial",
    negatives: Annotated[
        int, typer.Option(min=0, help="How many of the prompts are drawn again with a word in the negative prompt.")
    ] = 0,
) -> "Report":
    """Draw prompts that no model was trained on, and let the judge read the pictures."""
    from animegen.experiments import evaluate

    return evaluate.measure(trial, negatives=negatives)


@measures(100, "How many prompts; each is drawn by every sampler.")
def samplers(trial: "Trial") -> "Report":
    """Draw the same prompts by every sampler, and let the judge read the pictures."""
    from animegen.experiments import samplers

    return samplers.measure(trial)


@measures(100, "How many pictures; each is drawn twice.")
def image_to_image(
    trial: "Trial", strength: Annotated[float, typer.Option(min=0.1, max=0.9, help="How much is drawn anew.")] = 0.6
) -> "Report":
    """Give pictures of unseen characters an emotion without a word of them, and let the judge read what was kept."""
    from animegen.experiments import image_to_image

    return image_to_image.measure(trial, strength=strength)


@measures(100, "How many paths.")
def emotion_path(trial: "Trial") -> "Report":
    """Draw unseen characters on the way from one emotion to another, compared with a cross-fade."""
    from animegen.experiments import emotion_path

    return emotion_path.measure(trial)


@measures(100, "How many paths.")
def intensity_path(trial: "Trial") -> "Report":
    """Draw unseen characters on the way from a neutral face to an emotion, compared with a cross-fade."""
    from animegen.experiments import emotion_path

    return emotion_path.measure(trial, kind="intensity")


@measures(100, "How many characters.")
def expression_sheet(trial: "Trial") -> "Report":
    """Draw unseen characters in every emotion, and let the judge read what changed and what was kept."""
    from animegen.experiments import expression_sheet

    return expression_sheet.measure(trial)


@measures(300, "How many prompts; each is drawn twice.")
def canny(
    trial: "Trial", scale: Annotated[float, typer.Option(min=0.1, max=2, help="How much the edges lead.")] = 0.8
) -> "Report":
    """Draw along the edges of unseen characters, and measure how well they are met."""
    from animegen.experiments import canny

    return canny.measure(trial, scale=scale)


@measures(1000, "How many prompts.")
def broken(
    trial: "Trial",
    detector: Annotated[Path | None, typer.Option(help="A detector's file; the one in the package by default.")] = None,
) -> "Report":
    """Count the broken pictures among those that a model draws, and the detector's false alarms."""
    from animegen.experiments import broken

    return broken.measure(trial, detector=detector)


@measures(1000, "How many prompts.")
def two_sample(
    trial: "Trial", steps: Annotated[int, typer.Option(min=1, help="How long the classifier is trained.")] = 400
) -> "Report":
    """Train a classifier to distinguish drawings from the artist's renders, and report how often it can."""
    from animegen.experiments import two_sample

    return two_sample.measure(trial, steps=steps)


@measures(1000, "How many prompts.")
def memory(
    trial: "Trial",
    renders: Annotated[int, typer.Option(min=0, help="How many training renders; 0 is all of them.")] = 0,
) -> "Report":
    """Measure how near drawings come to the renders that the embedded model was trained on."""
    from animegen.experiments import memory

    return memory.measure(trial, renders=renders)


@measures(100, "How many prompts; each is drawn at three weights, and without the trigger.", of_lora=True)
def style(
    trial: "Trial", look: Annotated[str, typer.Option(help="The look; that of the LoRA, or its name by default.")] = ""
) -> "Report":
    """Draw prompts with the LoRA of a look at several weights, and let the style judge read the pictures."""
    from animegen.experiments import style

    return style.measure(trial, look=look)


@measures(100, "How many prompts; each is drawn with the LoRA and without, its trigger said and unsaid.", of_lora=True)
def character(
    trial: "Trial", character: Annotated[str, typer.Option(help="The character; the LoRA's name by default.")] = ""
) -> "Report":
    """Draw the character of a LoRA, and others, and let the judge read whether it is recognised."""
    from animegen.experiments import invented

    return invented.measure(trial, character=character)


@evaluate.command()
def sheets(
    count: Annotated[int, typer.Option(min=1, help="How many characters.")] = 64,
    out: Annotated[Path, typer.Option(help="The folder for emotions.webp and sheets.webp.")] = Path("docs"),
    model: Model = "chibi",
) -> None:
    """Draw unchosen characters by artist, autoencoder and model, and a few characters in every emotion."""
    from animegen.experiments import sheets as experiment

    studio = open_studio(model)
    say(experiment.draw_emotions(studio, out=out, report=say))
    say(experiment.draw_prompts(studio, count=count, out=out, report=say))


@evaluate.command()
def familiarity(
    count: Annotated[int, typer.Option(min=2, help="How many pictures of each kind.")] = 40,
    keep: Annotated[bool, typer.Option("--keep", help="Write the bound into the weights folder.")] = False,
) -> None:
    """Measure which pictures the embedded model knows: it describes only those."""
    from animegen.experiments import familiarity as experiment

    experiment.measure(open_studio("chibi"), count=count, report=say, keep=keep)


@evaluate.command()
def pickers(
    out: Annotated[Path, typer.Option(help="The folder for the sheets.")] = Path("animegen/ui/pictures"),
    preset: Preset = "quality",
) -> None:
    """Draw the small pictures that the page's pickers show, with the model that the settings name."""
    from animegen.experiments import pickers as experiment
    from animegen.settings import settings
    from animegen.studio import Studio

    experiment.draw(Studio.load(settings()), out=out, report=say, preset=preset)


def bench(
    out: Annotated[Path | None, typer.Option(help="A folder for the report, as JSON named by this machine.")] = None,
    rounds: Annotated[int, typer.Option(min=3, help="How many rounds of each figure are timed.")] = 10,
    figure: Annotated[list[str] | None, typer.Option(help="Measure this one only, for example B4.")] = None,
) -> None:
    """Measure the studio against plain diffusers on this machine."""
    from animegen.bench import run

    run(out, rounds, figure or ())
