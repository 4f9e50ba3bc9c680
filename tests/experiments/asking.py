"""What the tests of evaluations share: a studio that needs no model, and a silent trial with a ledger of its own."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from animegen.chibi.judge import Judge
from animegen.experiments.trial import Trial, load_judge
from animegen.lora_files import Offers
from animegen.models.table import rows
from animegen.tasks import Picture


class Painter:
    """A studio of chibi's row that draws a task by a function; it remembers its tasks and offers no LoRAs."""

    def __init__(self, paint: Callable[[Any], list[Image.Image]]) -> None:
        self.paint = paint
        self.tasks: list[Any] = []
        self.row = rows()["chibi"]
        self.offers = Offers()

    def pictures(self, task: Any) -> tuple[Picture, ...]:
        self.tasks.append(task)
        return tuple(Picture(image=image, task=task, model="painter") for image in self.paint(task))


@cache
def judge() -> Judge:
    return load_judge()


def silent_trial(studio: Any, verb: str, count: int, out: Path, **more: Any) -> Trial:
    options = {"split": "test", "say": lambda _: None, "ledger": out / "seeds.json", **more}
    return Trial(verb=verb, studio=studio, judge=judge(), count=count, out=out, **options)
