"""The verbs that measure: how well the embedded model draws, and how fast the studio is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from animegen.evaluation.report import Report

Part = Annotated[Literal["test", "validation"], typer.Option(help="Choose on validation, report on test.")]
Begin = Annotated[int, typer.Option(min=0, help="How far into the split's seeds to begin.")]
Preset = Annotated[str, typer.Option(help="fast, balanced or quality.")]
Runs = Annotated[Path, typer.Option(help="The folder for the report; a broken run resumes there.")]
Card = Annotated[bool, typer.Option("--card", help="Put the report into the card beside the weights.")]

evaluate = typer.Typer(help="Draw, and score what was drawn.", no_args_is_help=True)


@evaluate.command()
def chibi(
    count: Annotated[int, typer.Option(min=1, help="How many prompts.")] = 1000,
    seed_from: Begin = 0,
    split: Part = "test",
    preset: Preset = "balanced",
    negatives: Annotated[
        int, typer.Option(min=0, help="How many of the prompts are drawn again with a word in the negative prompt.")
    ] = 0,
    out: Runs = Path("runs/evaluate-chibi"),
    card: Card = False,
) -> None:
    """Let the embedded model draw prompts that it never saw, and let the judge read the pictures."""
    from animegen.experiments import evaluate as experiment

    result = experiment.chibi(
        count=count, seed_from=seed_from, split=split, preset=preset, negatives=negatives, out=out, report=typer.echo
    )
    if card:
        _add("chibi", result)


@evaluate.command()
def emotion_path(
    count: Annotated[int, typer.Option(min=1, help="How many paths.")] = 100,
    seed_from: Begin = 0,
    split: Part = "test",
    preset: Preset = "balanced",
    out: Runs = Path("runs/evaluate-emotion-path"),
    card: Card = False,
) -> None:
    """Draw unseen characters on the way from one emotion to another, beside a cross-fade of the two ends."""
    from animegen.experiments import emotion_path as experiment

    result = experiment.chibi(count=count, seed_from=seed_from, split=split, preset=preset, out=out, report=typer.echo)
    if card:
        _add("emotion-path", result)


@evaluate.command()
def intensity_path(
    count: Annotated[int, typer.Option(min=1, help="How many paths.")] = 100,
    seed_from: Begin = 0,
    split: Part = "test",
    preset: Preset = "balanced",
    out: Runs = Path("runs/evaluate-intensity-path"),
    card: Card = False,
) -> None:
    """Draw unseen characters on the way from a neutral face to an emotion, beside a cross-fade of the two ends."""
    from animegen.experiments import emotion_path as experiment

    result = experiment.chibi(
        count=count, seed_from=seed_from, split=split, preset=preset, out=out, report=typer.echo, kind="intensity"
    )
    if card:
        _add("intensity-path", result)


@evaluate.command()
def expression_sheet(
    count: Annotated[int, typer.Option(min=1, help="How many characters.")] = 100,
    seed_from: Begin = 0,
    split: Part = "test",
    preset: Preset = "balanced",
    out: Runs = Path("runs/evaluate-expression-sheet"),
    card: Card = False,
) -> None:
    """Draw unseen characters in every emotion, and let the judge read what changed and what was kept."""
    from animegen.experiments import expression_sheet as experiment

    result = experiment.chibi(count=count, seed_from=seed_from, split=split, preset=preset, out=out, report=typer.echo)
    if card:
        _add("expression-sheet", result)


@evaluate.command()
def canny(
    count: Annotated[int, typer.Option(min=1, help="How many prompts; each is drawn twice.")] = 300,
    seed_from: Begin = 0,
    split: Part = "test",
    preset: Preset = "balanced",
    scale: Annotated[float, typer.Option(min=0.1, max=2, help="How much the edges lead.")] = 0.8,
    out: Runs = Path("runs/evaluate-canny"),
    card: Card = False,
) -> None:
    """Let the embedded model draw along the edges of characters that it never saw, and measure how well it does."""
    from animegen.experiments import canny as experiment

    result = experiment.canny(
        count=count, seed_from=seed_from, split=split, preset=preset, scale=scale, out=out, report=typer.echo
    )
    if card:
        _add("canny", result)


@evaluate.command()
def sheets(
    count: Annotated[int, typer.Option(min=1, help="How many characters.")] = 64,
    out: Annotated[Path, typer.Option(help="The folder for emotions.webp and sheets.webp.")] = Path("docs"),
) -> None:
    """Draw unchosen characters by artist, autoencoder and embedded model, and a few characters in every emotion."""
    from animegen.experiments import sheets as experiment

    typer.echo(experiment.every_emotion(out=out, report=typer.echo))
    typer.echo(experiment.chibi(count=count, out=out, report=typer.echo))


@evaluate.command()
def pickers(
    out: Annotated[Path, typer.Option(help="The folder for the sheets.")] = Path("animegen/ui/pictures"),
    preset: Preset = "quality",
) -> None:
    """Draw the small pictures that the page's pickers show, with the model that the settings name."""
    from animegen.experiments import pickers as experiment
    from animegen.settings import settings
    from animegen.studio import Studio

    experiment.draw(Studio.load(settings()), out=out, report=typer.echo, preset=preset)


def _add(verb: str, result: "Report") -> None:
    """Put a report into chibi's card."""
    from animegen.chibi.build import card

    typer.echo(card.add(verb, result))


def bench(
    out: Annotated[Path | None, typer.Option(help="A folder for the report, as JSON named by this machine.")] = None,
    rounds: Annotated[int, typer.Option(min=3, help="How many rounds of each figure are timed.")] = 10,
    figure: Annotated[list[str] | None, typer.Option(help="Measure this one only, for example B4.")] = None,
) -> None:
    """Measure the studio against plain diffusers on this machine."""
    from animegen.bench import run

    run(out, rounds, figure or ())
