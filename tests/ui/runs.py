"""Folders of training runs as a trainer leaves them: losses that fall, drawings that get better, LoRAs of epochs.

``python -m tests.ui.runs FOLDER`` makes one of each kind and serves a page that shows them.
"""

import json
import math
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from animegen.lora_files import write_kohya
from animegen.training.plan import Bucket, Folder, Network, Plan, Stage
from tests.lora_files.making import adapter

RECIPE = """\
name: {name}
base: chibi
data: {{folder: pictures/winter, trigger: winterlook}}
samples: {{prompts: ["1girl, blue hair, winterlook", "1boy, short red hair, winterlook", "1girl, smile, scarf"]}}
"""


def plan() -> dict[str, Any]:
    """Return what a trainer writes before its first step."""
    written = Plan(
        layout="folders",
        folders=(
            Folder(path="winter", words="", repeats=1, pictures=60, captioned=59, kept=6, regularization=False),
        ),
        caption="winterlook, 1girl, blue hair",
        buckets=(Bucket(width=256, height=256, pictures=54),),
        uses=54, regularization=None, batch=4, steps_an_epoch=20, steps=400, epochs=20, warmup=20,
        stages=(Stage(step=0, rates={"unet": 0.0}), Stage(step=20, rates={"unet": 1e-3})),
        networks=(Network(part="unet", layers=12, parameters=98_304),),
    )  # fmt: skip
    said = {
        "message": {"en": "winter/07.txt is empty.", "ja": "winter/07.txt が空です。"},
        "fix": {
            "en": "Write a caption or remove the picture.",
            "ja": "キャプションを書くか、画像を外してください。",
        },
    }
    finding = {"level": "warning", "paths": ["winter/07.txt"], **said}
    return {"plan": written.model_dump(mode="json"), "captions": 59, "tags": {"1girl": 31}, "findings": [finding]}


def make_run(
    root: Path, name: str, state: str = "finished", *, epoch: int = 20, epochs: int = 20, side: int = 48, **more: Any
) -> Path:
    """Make the folder of a run of ``epochs`` of 20 steps, ``epoch`` of which are done."""
    folder = root / name
    for each in ("samples", "epochs", "checkpoints"):
        (folder / each).mkdir(parents=True)
    (folder / "recipe.yaml").write_text(RECIPE.format(name=name), encoding="utf-8")
    (folder / "plan.json").write_text(json.dumps(plan()), encoding="utf-8")
    (folder / "metrics.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in metrics(epoch)))
    for done in range(0, epoch + 1, 5):
        if done:
            write_kohya(adapter("chibi", alpha=float(done)), folder / "epochs" / f"{name}-e{done:03d}.safetensors")
        for number in range(3):
            sample(number, done / epochs, side).save(folder / "samples" / f"e{done:03d}-{number}.png")
    status = {
        "state": state, "step": 20 * epoch, "steps": 20 * epochs, "epoch": epoch, "epochs": epochs,
        "seconds_a_step": 1.63, "pid": 2**30, "message": "", **more,
    }  # fmt: skip
    (folder / "status.json").write_text(json.dumps(status), encoding="utf-8")
    return folder


def metrics(epochs: int) -> Iterator[dict[str, Any]]:
    """Yield the lines of a run: noisy losses, and after each epoch the validation loss and the change by group."""
    chance = random.Random(0)
    for step in range(1, 20 * epochs + 1):
        loss = 0.09 + 0.12 * math.exp(-step / 90) + chance.gauss(0, 0.02)
        yield {"step": step, "epoch": (step - 1) // 20 + 1, "loss": loss, "learning_rate": 1e-4, "seconds_a_step": 1.6}
        if not step % 20:
            fixed, change = 0.1 + 0.1 * math.exp(-step / 110), {"attention": step / 20_000}
            yield {"step": step, "epoch": step // 20, "validation_loss": fixed, "change": change}


@cache
def sample(number: int, learned: float, side: int) -> Image.Image:
    """Return a drawing of the artist, which turns from plain into watercolour the more is learned."""
    from animegen.chibi.artist import draw
    from animegen.chibi.artist.looks import finish
    from animegen.chibi.character import characters

    plain = draw(characters("train", 3, 3)[number], side)
    return Image.blend(plain, finish(plain, "watercolor"), learned)


@contextmanager
def process(words: list[str], place: Path) -> Iterator[int]:
    """Let a process with these words on its command line run in a folder, and give its number; it ends afterwards."""
    command = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()", *words]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=place, **pipes) as running:
        assert running.stdout
        assert running.stdin
        running.stdout.readline()
        yield running.pid
        running.stdin.close()


@contextmanager
def training(folder: Path) -> Iterator[int]:
    """Let a process look like a trainer of a folder, and give its number."""
    with process(["animegen", "train", "recipe.yaml", "--out", str(folder)], Path()) as pid:
        yield pid


def main(root: Path) -> None:
    """Make one run of each kind and serve them with a studio that draws flat pictures."""
    from animegen.lora_files import Offers
    from animegen.training.runs import Runs
    from animegen.ui import build, launch_options
    from tests.ui.fake_studio import FakeStudio

    if not root.exists():
        make_run(root / "runs", "winter-failed", "failed", epoch=5, side=256, message=FAILED)
        make_run(root / "runs", "winter-stopped", "stopped", epoch=10, side=256)
        make_run(root / "runs", "winter", side=256)
        (root / "recipes").mkdir()
        (root / "recipes" / "winter.yaml").write_text(RECIPE.format(name="winter"), encoding="utf-8")
        (root / "loras").mkdir()
    studio = FakeStudio(Offers([root / "loras"]))
    page = build(studio, runs=Runs(root / "runs", root / "recipes"))
    running = root / "runs" / "mika-running"
    with training(running) as pid:
        shutil.rmtree(running, ignore_errors=True)
        make_run(root / "runs", running.name, "running", epoch=10, side=256, pid=pid)
        page.launch(**launch_options(studio))


FAILED = "The loss of step 101 is not finite; lower the learning rate (0.01) and resume from the last checkpoint."

if __name__ == "__main__":
    main(Path(sys.argv[1]))
