"""``python -m animegen.chibi.build``: make the embedded model from nothing, or go on from its weights."""

import logging
import signal
from enum import StrEnum
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import torch
import typer

from animegen.chibi.build.export import export
from animegen.chibi.build.origin import stale
from animegen.chibi.build.workshop import RECIPES, Stage, Workshop

WEIGHTS = Path(__file__).parents[1] / "weights"


class Part(StrEnum):
    """What can be made alone, so that several processes work on one folder."""

    RENDERS = "generator_renders"
    JUDGE = "judge"
    AUTOENCODER = "autoencoder"
    TEXT = "reader"
    CAPTIONS = "captions"
    EDGE_MAPS = "edge_maps"
    UNET = "unet"
    CONTROLNET = "controlnet"


class Start(StrEnum):
    """What training starts from."""

    NOTHING = "nothing"
    WEIGHTS = "weights"


def build(
    folder: Annotated[
        Path, typer.Option(help="Where renders, checkpoints and metrics go; a stopped build resumes.")
    ] = Path("runs/chibi"),
    start: Annotated[
        Start, typer.Option("--from", help="Start from random or from the committed weights.")
    ] = Start.NOTHING,
    train: Annotated[
        list[Stage], typer.Option(help="A part to train; those not named are kept as the weights have them.")
    ] = list(Stage),  # noqa: B006  # typer only reads it
    anew: Annotated[
        list[Stage], typer.Option(help="A part that starts from nothing though the others start from the weights.")
    ] = [],  # noqa: B006  # typer only reads it
    out: Annotated[Path, typer.Option(help="The weights folder to write.")] = WEIGHTS,
    recipes: Annotated[Path, typer.Option(help="How each part is trained.")] = RECIPES,
    only: Annotated[
        Part | None, typer.Option(help="Make one part, with what it needs, in the folder; write no weights.")
    ] = None,
    device: Annotated[str, typer.Option(help="A torch device.")] = "cuda" if torch.cuda.is_available() else "cpu",
) -> None:
    """Draw the renders, train judge, autoencoder, text encoder and UNet, and write the weights folder.

    SIGTERM stops the build at its next word, a training with a checkpoint; a second one ends it where it is.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    log, stop = logging.getLogger("build"), Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # signal's signature
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    def say(*words: object) -> None:
        log.info(*words)
        if stop.is_set():
            raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    for line in stale(WEIGHTS):
        say("stale: %s", line)
    warm = WEIGHTS if start is Start.WEIGHTS else None
    made = Workshop(
        folder=folder,
        device=torch.device(device),
        report=say,
        warm=warm,
        stages=frozenset(train),
        anew=frozenset(anew),
        recipes=recipes,
    )
    if only is not None:
        getattr(made, only)
        return
    out.mkdir(parents=True, exist_ok=True)
    say("weights written: %s", export(made, out))


if __name__ == "__main__":
    typer.run(build)
