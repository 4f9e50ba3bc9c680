"""The one door: a request in, previews and pictures out. It owns the model's parts and what draws with them.

Importing it loads no torch; the model's parts come with ``engine`` or the first request.
"""

import random
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from animegen.errors import AnimegenError
from animegen.lora_files import Offers
from animegen.messages import Message, Text, message
from animegen.models import lcm, selection
from animegen.models.table import ModelRow
from animegen.pipelines import samplers
from animegen.pipelines.job import Job
from animegen.prompts.prompt import Prompt
from animegen.settings import Settings
from animegen.studio.drawing import Drawing
from animegen.studio.resolve import Model, resolve, write_prompt
from animegen.studio.source import prepare_edges
from animegen.studio.zerogpu import Draw, Results, results
from animegen.tasks import MAX_SEED, Canny, Picture, Preview, Still, Task

if TYPE_CHECKING:
    from PIL.Image import Image

    from animegen.models.loading import Parts
    from animegen.models.tokens import Tokens
    from animegen.pipelines.engine import Engine


class Studio:
    """Draws requests with one model, one step at a time, whoever asks.

    ``row`` and ``reason`` say which model it is and why, also before its weights are loaded; ``arrived`` how many bytes
    of it are here and how many there will be, while it is downloaded; ``offers`` are the LoRAs that can be requested.
    Where it is ``public``, anybody may draw, and the content rules are those of a public page. ``lend`` turns what
    draws into what draws elsewhere, on a GPU that is lent for each drawing.
    ``load_tokens`` returns what counts its tokens; they are those of its parts where it is not given.
    ``clock`` returns seconds; it paces the previews and nothing else.
    """

    def __init__(
        self,
        row: ModelRow,
        load_parts: "Callable[[ModelRow], Parts]",
        *,
        load_tokens: "Callable[[ModelRow], Tokens] | None" = None,
        reason: Text = "",
        offers: Offers | None = None,
        public: bool = False,
        lend: Callable[[Draw], Draw] = lambda draw: draw,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.offers = offers or Offers()
        self.row = lcm.add_offered(row, self.offers)
        self.reason = reason
        self.public = public
        self.arrived = 0, 0
        self._drawing = Drawing(lambda: self.engine, checked=public and row.needs_safety_checker, clock=clock)
        self._draw = lend(self._events)
        self._load_parts = load_parts
        self._load_tokens = load_tokens or (lambda _: self.engine.encoder.tokens)
        self._engine: Engine | None = None
        self._tokens: Tokens | None = None
        self._loading = threading.Lock()
        self._loading_tokens = threading.Lock()

    @classmethod
    def load(cls, settings: Settings, lend: Callable[[Draw], Draw] = lambda draw: draw) -> "Studio":
        """Return the studio of the model that the settings name; its weights are loaded when they are needed.

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
    def engine(self) -> "Engine":
        """The model ready to draw, loaded unless it was; any thread may ask for it.

        Raises ModelUnavailable when its files are missing or damaged.
        """
        from animegen.pipelines.engine import Engine

        with self._loading:
            if self._engine is None:
                self._engine = Engine(self._load_parts(self.row))
            return self._engine

    @property
    def parts(self) -> "Parts":
        """The model's parts, loaded unless they were."""
        return self.engine.parts

    @property
    def loaded(self) -> bool:
        """Whether the model's parts are there."""
        return self._engine is not None

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
    def model(self) -> Model:
        """What is known of the model without its weights, with the LoRAs that are offered now."""
        return Model(row=self.row, tokens=self.tokens, loras=self.offers.scan(), public=self.public)

    @property
    def samplers(self) -> tuple[str, ...]:
        """The names of the samplers a request may name."""
        return samplers.offered(self.row)

    def receive(self, here: int, wanted: int) -> None:
        """Take note of how far the model's download is."""
        self.arrived = here, wanted

    def complete(self) -> None:
        """Load all that a drawing may need, as ZeroGPU wants it: before the first request, in the main thread.

        Raises ModelUnavailable when something is missing.
        """
        self.engine.complete(public=self.public)

    def prompt(self, request: Still) -> Prompt:
        """Return the layers of a request's prompt as this model reads them; no weights are needed.

        Raises InvalidRequest when the request names an emotion, style, quality or LoRA that does not exist or suit the
        model.
        """
        return write_prompt(self.model, request)

    def edges(self, request: Canny) -> "tuple[Image, Canny, tuple[Message, ...]]":
        """Return the map that a request would be drawn along, the request with its picture prepared, and notes.

        Its ``image_kind`` is then what the picture was taken for. Weights are needed for line art alone.
        """
        from animegen.pictures import edges

        source = prepare_edges(self.row, request)
        if request.lines == edges.LINEART:
            return self._drawing.find_lines(source.request), source.request, source.notes
        return edges.of(source.request), source.request, source.notes

    def run(self, request: Task) -> Results:
        """Check the request, then return a generator that draws it: a Preview a step, and finished Pictures.

        What is drawn together is finished together: when the last step of its batch is decoded, before the first step
        of the next batch. Most requests are one batch, and their pictures all come at the end. Closing the generator
        stops the drawing and takes nothing back.
        Raises InvalidRequest, AdapterRefused or ModelUnavailable before anything is drawn; the generator raises
        DrawingFailed.
        """
        return results(self._draw, self._read_adapters(self.resolve(request)))

    def resolve(self, request: Task) -> Job[Any]:
        """Return the job of a request, with a random seed where none is set; no weights are needed.

        Raises InvalidRequest and AdapterRefused.
        """
        return resolve(self.model, request, random.SystemRandom().randint(0, MAX_SEED))

    def pictures(self, request: Task) -> tuple[Picture, ...]:
        """Draw a request to its end and return its pictures alone: the sampler that evaluation is given."""
        return tuple(result for result in self.run(request) if isinstance(result, Picture))

    def _read_adapters(self, job: Job[Any]) -> Job[Any]:
        """Return a job with the notes on its LoRAs, once weights and LoRAs are read: what is missing is refused now."""
        loras, offers = self.engine.loras, [offer for offer, _ in job.adapters]
        named = offers[: len(job.request.loras)]
        if len(offers) > len(named):
            lcm.check(offers[-1], loras, named)
        about = [
            message("studio.lora_note", name=offer.name, note=note)
            for offer in offers
            for note in loras.load(offer).adapter.notes
        ]
        return replace(job, notes=(*job.notes, *about))

    def _events(self, job: Job[Any]) -> Generator[Preview | Picture | AnimegenError, None, None]:
        """Yield what a job comes to; a problem is yielded too, since another process cannot raise it here."""
        try:
            yield from self._drawing.draw(job)
        except AnimegenError as problem:
            yield problem
