"""The one door: a task in, previews and pictures out. It owns the model's parts, the caches and the lock.

Importing it loads no torch; the model's parts come with ``warm`` or the first request.
"""

import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from animegen.errors import AnimegenError
from animegen.lora_files import Offer, Offers
from animegen.messages import Text
from animegen.models import lcm, selection
from animegen.models.table import ModelRow
from animegen.pipelines import samplers
from animegen.prompts import names
from animegen.prompts.brief import Brief
from animegen.prompts.notes import shorten
from animegen.prompts.prompt import Prompt
from animegen.prompts.rules import rules
from animegen.prompts.writer import TemplateWriter
from animegen.settings import Settings
from animegen.studio import filling, recognition, strengths
from animegen.studio.zerogpu import Draw, Prepared, Results, results
from animegen.tasks import Canny, EmotionPath, ExpressionSheet, Picture, Preview, Still, Task

if TYPE_CHECKING:
    from PIL.Image import Image

    from animegen.models.loading import Parts
    from animegen.models.tokens import Tokens
    from animegen.pipelines.engine import Engine

PREVIEW_SECONDS = 0.2
"""The least time between two previews that carry pictures; those between carry the step alone."""


class Studio:
    """Draws tasks with one model, one at a time, whoever asks.

    ``row`` and ``reason`` say which model it is and why, also before its weights are loaded; ``arrived`` how many bytes
    of it are here and how many there will be, while it is downloaded; ``offers`` are the LoRAs that can be asked for.
    Where it is ``public``, anybody may ask, and the content rules are those of a public page. ``lend`` turns what draws
    into what draws elsewhere, on a GPU that is lent for each drawing.
    ``load_tokens`` returns what counts its tokens; they are those of its parts where it is not given.
    ``clock`` returns seconds; it paces the previews and nothing else.
    """

    def __init__(
        self,
        row: ModelRow,
        load_parts: "Callable[[ModelRow], Parts]",
        *,
        load_tokens: "Callable[[ModelRow], Tokens] | None" = None,
        reason: str = "",
        offers: Offers | None = None,
        public: bool = False,
        lend: Callable[[Draw], Draw] = lambda draw: draw,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.row = row
        self.reason = reason
        self.offers = offers or Offers()
        self.public = public
        self._draw = lend(self._drawn)
        self._load_parts = load_parts
        self._load_tokens = load_tokens or (lambda _: self.warm().encoder.tokens)
        self._clock = clock
        self.arrived = 0, 0
        self._engine: Engine | None = None
        self._tokens: Tokens | None = None
        self._loading = threading.Lock()
        self._loading_tokens = threading.Lock()
        self._drawing = threading.Lock()

    @classmethod
    def load(cls, settings: Settings, lend: Callable[[Draw], Draw] = lambda draw: draw) -> "Studio":
        """Return the studio of the model that the settings ask for; its weights are loaded when they are needed.

        Raises ModelUnavailable when there is no such model.
        """
        choice, offers = selection.choose(settings.model), Offers.here(settings.loras)

        def load_parts(row: ModelRow) -> "Parts":
            from animegen.models import loading

            return loading.load_here(row, low_memory=settings.low_memory, report=studio.receive)

        def load_tokens(row: ModelRow) -> "Tokens":
            from animegen.models import tokens

            return tokens.load(row)

        studio = cls(
            choice.row, load_parts, load_tokens=load_tokens, reason=choice.reason, offers=offers,
            public=settings.public, lend=lend,
        )  # fmt: skip
        return studio

    @property
    def parts(self) -> "Parts":
        """The model's parts, loaded if they were not yet."""
        return self.warm().parts

    @property
    def tokens(self) -> "Tokens":
        """What counts the model's tokens; it comes without the weights, and any thread may ask for it.

        Raises ModelUnavailable when its files are missing or damaged.
        """
        with self._loading_tokens:
            if self._tokens is None:
                self._tokens = self._load_tokens(self.row)
            return self._tokens

    @property
    def loaded(self) -> bool:
        """Whether the model's parts are there."""
        return self._engine is not None

    def receive(self, here: int, wanted: int) -> None:
        """Take note of how far the model's download is."""
        self.arrived = here, wanted

    @property
    def samplers(self) -> tuple[str, ...]:
        """The names of the samplers a task may ask for."""
        return samplers.offered(self.row)

    def complete(self) -> None:
        """Load all that a drawing may need, as ZeroGPU wants it: before the first request, in the main thread.

        Raises ModelUnavailable when something is missing.
        """
        self.warm().complete(public=self.public)

    def warm(self) -> "Engine":
        """Load the model's parts unless they are there; any thread may call it.

        Raises ModelUnavailable when its files are missing or damaged.
        """
        from animegen.pipelines.engine import Engine

        with self._loading:
            if self._engine is None:
                self._engine = Engine(self._load_parts(self.row))
            return self._engine

    def prompt(self, task: Still) -> Prompt:
        """Return the layers of a task's prompt as this model will read them; no weights are needed.

        Raises InvalidRequest when the task names an emotion, style, quality or LoRA that does not exist or suit the
        model.
        """
        task = self.offers.applied(task, self.row.lora_base)
        writer = TemplateWriter(
            family=self.row.family, count=self.tokens.count, limit=self.row.token_limit,
            triggers={each.name: self.offers.all()[each.name].triggers for each in task.loras if each.weight},
        )  # fmt: skip
        return writer.write(brief(task))

    def run(self, task: Task) -> Results:
        """Check the task, then return a generator that draws it: a Preview a step, and Pictures as they are finished.

        What is drawn together is finished together: when the last step of its batch is decoded, before the first step
        of the next batch. Most requests are one batch, and their pictures all come at the end. Closing the generator
        stops the drawing and takes nothing back; the studio is free for the next task within one step.
        Raises InvalidRequest, AdapterRefused or ModelUnavailable before anything is drawn; the generator raises
        DrawingFailed.
        """
        asked = self.offers.applied(names.normalize(task), self.row.lora_base)
        written = (task.prompt, asked.prompt, getattr(asked, "final_prompt", ""), *(each.name for each in asked.loras))
        rules().check(written, task.negative_prompt, public=self.public)
        prepared, remarks = filling.prepared(self.row, asked)
        wanted = filling.filled(self.row, prepared)
        prompts = [self.prompt(still) for still in wanted.stills()]
        negative = f"{task.negative_prompt}, {prompts[0].negative}"
        rules().check((*written, *(prompt.text for prompt in prompts)), negative, public=self.public)
        wanted = replace(wanted, negative_prompt=prompts[0].negative)
        if isinstance(wanted, Still):
            wanted = replace(wanted, final_prompt=prompts[0].text)
        self._check_loras(wanted)
        written_notes = (note for each in prompts for note in each.notes)
        notes: tuple[Text, ...] = (*remarks, *written_notes, *self._remarks(wanted, task, prompts[0]))
        texts = tuple(prompt.text for prompt in prompts)
        typed = isinstance(task, Still) and task.final_prompt
        ready = Prepared(
            task=wanted,
            texts=texts,
            notes=tuple(dict.fromkeys(notes)),
            loras=len(self._worn(wanted)),
            beside=self._beside(wanted),
            left_open=() if typed else recognition.left_open(self.row, self.tokens, wanted, texts),
        )
        return results(self._draw, ready)

    def edges(self, task: Canny) -> "tuple[Image, Canny, tuple[str, ...]]":
        """Return the map that a task would be drawn along, the task with its picture prepared, and what that took.

        The task's ``image_kind`` is then what the picture was taken for. No weights are needed.
        """
        from animegen.pictures import edges

        prepared, notes = filling.lined(self.row, task)
        return edges.of(prepared), prepared, notes

    def pictures(self, task: Task) -> tuple[Picture, ...]:
        """Draw a task to its end and return its pictures alone: the sampler that evaluation is given."""
        return tuple(result for result in self.run(task) if isinstance(result, Picture))

    def _drawn(self, ready: Prepared) -> Generator[Preview | Picture | AnimegenError, None, None]:
        """Yield what a prepared task comes to; a problem is yielded too, since another process cannot raise it here."""
        try:
            yield from self._paced(ready)
        except AnimegenError as problem:
            yield problem

    def _paced(self, ready: Prepared) -> Results:
        from animegen.pipelines import drawing
        from animegen.pipelines.frames import Progress, memory_explained
        from animegen.pipelines.guard import Guard

        due = float("-inf")
        hashes = self._hashes(ready.task)
        with self._drawing:
            guard = Guard(self.warm().safety_checker if self.public and not self.row.embedded else None)
            with memory_explained():
                self.warm().wear(self._worn(ready.task))
                ready = recognition.described(self.warm(), ready)
            singles: Iterator[Task] = iter(ready.task.singles())
            with closing(drawing.draw(self.warm(), ready.task, ready.texts)) as stages:
                for stage in stages:
                    if isinstance(stage, Progress):
                        pictured = self._clock() >= due
                        due = self._clock() + PREVIEW_SECONDS if pictured else due
                        images = guard.unfinished(stage.images()) if pictured else ()
                        yield Preview(step=stage.step, steps=stage.steps, images=images)
                        continue
                    notes = (*ready.notes, *stage.notes)
                    shown = guard.finished(stage.images)
                    for (image, more), task in zip(shown, singles, strict=False):  # the next batches take the rest
                        told = (*notes, *more)
                        yield Picture(image=image, task=task, model=self.row.name, lora_hashes=hashes, notes=told)

    def _named(self, task: Task) -> list[tuple[Offer, float]]:
        """Return the LoRAs that a task asks for with their weights, which are filled."""
        return [(self.offers.offer(each.name, self.row.lora_base), each.weight) for each in task.loras]

    def _worn(self, task: Task) -> list[tuple[Offer, float]]:
        """Return the LoRAs that a task is drawn in: those that it asks for, and the one that its sampler needs."""
        needed = [(lcm.offer(self.row), lcm.WEIGHT)] if samplers.lora(task.sampler, self.row) else []
        return [*self._named(task), *needed]

    def _check_loras(self, task: Task) -> None:
        """Read the LoRAs of a task, so that what cannot be used is said before its turn comes."""
        loras = self.warm().loras
        hashes = {offer.name: loras.load(offer).autov3 for offer, _ in self._named(task)}
        if samplers.lora(task.sampler, self.row):
            lcm.check(self.row, loras, hashes)

    def _hashes(self, task: Task) -> dict[str, str]:
        """Return the short hashes of a task's LoRAs by their names; a LoRA in several files has none."""
        found = {offer.name: self.warm().loras.load(offer).autov3 for offer, _ in self._worn(task)}
        return {name: autov3 for name, autov3 in found.items() if autov3}

    def _beside(self, task: Task) -> float:
        """Return for how many seconds a processor cuts a sheet's pictures out, the neutral one among them."""
        from animegen.models import matting

        cut = isinstance(task, ExpressionSheet) and task.transparent and matting.serves(self.row)
        return matting.SECONDS * len(task.stills()) if cut else 0.0

    def _remarks(self, task: Task, asked: Task, prompt: Prompt) -> Iterator[str]:
        """Yield what is to say of a resolved task, and of what was asked for, before it is drawn."""
        guided = task.guidance_scale > 1
        if (asked.negative_prompt or prompt.negated) and not guided:
            yield "At a guidance scale of 1 or less the negative prompt does nothing."
        if guided and (unread := self.tokens.overflow(task.negative_prompt)):
            yield f"The negative prompt is longer than the model reads; its end does nothing: {shorten([unread])}"
        for offer, _ in self._worn(task):
            yield from (f"The LoRA '{offer.name}': {note}" for note in self.warm().loras.load(offer).adapter.notes)
        for strength in strengths.of(task):
            yield from strengths.remarks(task.steps, strength)
        if isinstance(task, EmotionPath) and task.shared_steps:
            yield "The first steps are shared by all frames of a path, which is an approximation."


def brief(task: Still) -> Brief:
    """Return the fields of a request that decide its prompt."""
    return Brief(**{field.name: getattr(task, field.name) for field in fields(Brief)})
