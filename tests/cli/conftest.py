"""A studio without a model: it says what a studio says, and draws flat colour, which is enough for a terminal."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from animegen.cli import main
from animegen.tasks import Picture, Preview, Task

if TYPE_CHECKING:
    from animegen.prompts.prompt import Prompt


@dataclass
class FlatStudio:
    """Yields two previews, then a flat picture for each seed; remembers its tasks and whether it was closed early."""

    note: str = ""
    interrupt: bool = False
    failure: Exception | None = None
    family: str = "chibi"
    tasks: list[Task] = field(default_factory=list)
    freed: bool = False

    def run(self, task: Task) -> Generator[Preview | Picture, None, None]:
        self.tasks.append(task)
        try:
            yield Preview(step=1, steps=2)
            if self.failure:
                raise self.failure
            if self.interrupt:
                raise KeyboardInterrupt
            yield Preview(step=2, steps=2)
            yield from self.pictures(task)
        finally:
            self.freed = True

    def pictures(self, task: Task) -> Generator[Picture, None, None]:
        chosen = replace(task, seed=7 if task.seed is None else task.seed, steps=2, width=64, height=64)
        for single in chosen.singles():
            drawn = replace(single, final_prompt=single.prompt) if hasattr(single, "final_prompt") else single
            notes = (self.note,) if self.note else ()
            yield Picture(image=Image.new("RGB", (64, 64), "pink"), task=drawn, model="flat", notes=notes)

    def prompt(self, task: Task) -> "Prompt":
        from animegen.models.table import rows
        from animegen.studio.resolve import Model, write_prompt
        from tests.ui.fake_studio import WORDS

        return write_prompt(Model(row=replace(rows()["chibi"], family=self.family), tokens=WORDS), task)


@dataclass(frozen=True)
class Said:
    """What a command left behind: its exit code and both of its streams."""

    code: int
    out: str
    err: str


@pytest.fixture
def studio() -> FlatStudio:
    return FlatStudio()


@pytest.fixture
def say(studio: FlatStudio, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run `animegen` with the given words in this process."""

    def run(*words: str) -> Said:
        with pytest.raises(SystemExit) as left:
            main(words, open_studio=lambda: studio)
        streams = capsys.readouterr()
        return Said(int(left.value.code or 0), streams.out, streams.err)

    return run
