"""Frames to pictures: what every task comes down to, drawn in as few batches as there is memory for."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

import torch
from PIL import Image
from torch import Tensor

from animegen.errors import DrawingFailed
from animegen.messages import Message
from animegen.pipelines import diffusion, latents, samplers
from animegen.pipelines.control import Control
from animegen.pipelines.diffusion import Conditioning, Step
from animegen.pipelines.edit_masks import Keeper
from animegen.pipelines.engine import Engine
from animegen.pipelines.job import Job
from animegen.pipelines.preview import Rough

T = TypeVar("T")
BATCH_PIXELS = 16 * 512 * 512
"""How many pixels the pictures of one batch have together at most."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture to draw: the embedding [1, length, width] of its words, its seed, and its first step.

    Step 0 begins with noise, a later one with the source under noise, and where no step is left the source stays.
    ``stem`` are the words of the steps that the plan shares; frames of one stem and one seed share them.
    """

    words: Tensor
    seed: int
    begin: int = 0
    stem: Tensor | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All that is needed to draw some frames; without ``negative`` there is no guidance. Sizes are pixels.

    The ``scheduler`` is one request's; every batch starts it anew with the plan's ``steps``.
    ``shared`` is how many steps the frames of a batch take as one, where they have a stem. ``kept`` are the words of
    a picture that is drawn along with each batch, from the seed of its frames, and that they keep to. ``control`` is
    what leads them along edges. ``before`` and ``after`` are the steps of the request that come with other plans.
    """

    frames: Sequence[Frame]
    negative: Tensor | None
    guidance_scale: float
    scheduler: Any
    steps: int
    width: int
    height: int
    source: Image.Image | None = None
    shared: int = 0
    kept: Tensor | None = None
    control: Control | None = None
    before: int = 0
    after: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """``step`` of ``steps`` is done; ``images`` shows roughly what the batch in work is about to become.

    ``latents`` are where it stands, and ``clean`` what the sampler takes for their end.
    """

    step: int
    steps: int
    latents: Tensor
    clean: Tensor
    rough: Rough | None

    def images(self) -> tuple[Image.Image, ...]:
        """Return a small rough picture for each of the batch, or nothing where there is no preview, or no memory."""
        try:
            return self.rough.images(self.clean) if self.rough else ()
        except (MemoryError, RuntimeError) as problem:
            if not is_memory(problem):
                raise
            return ()  # the drawing goes on


@dataclass(frozen=True, slots=True)
class Drawn:
    """The finished pictures of one batch, in the order of the frames, and the one that they keep to, if any.

    ``notes`` are about what only came out in the drawing.
    """

    images: tuple[Image.Image, ...]
    kept: Image.Image | None = None
    notes: tuple[Message, ...] = ()


Stages = Generator[Progress | Drawn, None, None]
Finish = Callable[[Tensor | None, Keeper | None, int], T]
"""What becomes of the last latents of a batch, None where the source has no step to go; how many frames it has.

With a Keeper, the latents of the picture that it keeps to come first.
"""


def plan(
    engine: Engine,
    job: Job[Any],
    pictures: Sequence[Frame],
    shared: int = 0,
    control: Control | None = None,
) -> Plan:
    """Return the plan of a job's frames.

    Without guidance (a scale of at most 1) the negative prompt does nothing and is not encoded.
    """
    guided = job.guidance_scale > 1
    return Plan(
        frames=pictures,
        negative=engine.encoder.encode([job.negative]) if guided else None,
        guidance_scale=job.guidance_scale,
        scheduler=samplers.build(job.sampler, engine.parts.scheduler_config, job.steps),
        steps=job.steps,
        width=job.width,
        height=job.height,
        source=job.source,
        shared=shared,
        control=control,
    )


def first_step(steps: int, strength: float) -> int:
    """Return the step to begin with: 0 at strength 1, ``steps`` (so that none is left) at strength 0 alone."""
    return steps - samplers.drawn(steps, strength)


def draw(engine: Engine, plan: Plan) -> Stages:
    """Yield Progress after each step, and Drawn at the end of each batch.

    A batch that is too large for the memory is drawn again in halves. Raises DrawingFailed when a result is no picture.
    """

    def finish(drawn: Tensor | None, keeper: Keeper | None, count: int) -> Drawn:
        if drawn is None:
            return Drawn(tuple(plan.source.copy() for _ in range(count) if plan.source))
        images = latents.decode(engine.parts, drawn)
        return Drawn(keeper.paste(images)[1:], images[0]) if keeper else Drawn(tuple(images))

    yield from _finished(engine, plan, finish)


def draw_latents(engine: Engine, plan: Plan) -> Generator[Progress, None, Tensor]:
    """Yield Progress as ``draw`` does, and return the latents [count, channels, height, width] of all frames.

    Each frame has a step to go.
    """
    found = []
    for stage in _finished(engine, plan, lambda drawn, *_: drawn):
        if isinstance(stage, Progress):
            yield stage
        elif stage is not None:
            found.append(stage)
    return torch.cat(found)


def _finished(engine: Engine, plan: Plan, finish: Finish[T]) -> Generator[Progress | T, None, None]:
    """Yield Progress after each step, and each batch finished."""
    waiting, most, done = list(plan.frames), max(BATCH_PIXELS // (plan.width * plan.height), 1), plan.before
    while waiting:
        batch, *later = _batches(waiting, most)
        steps = done + sum(plan.steps - each[0].begin for each in (batch, *later)) + plan.after
        plan.scheduler.set_timesteps(plan.steps, device=engine.parts.placement.device)
        try:
            keeper, drawn = None if plan.kept is None else Keeper(), None
            for step, drawn in enumerate(_path(engine, plan, batch, keeper), start=done + 1):
                latest, clean = (each[-len(batch) :] for each in drawn)
                yield Progress(step, steps, latest, clean, engine.rough)
            yield finish(drawn and drawn.latents, keeper, len(batch))
        except (MemoryError, RuntimeError) as problem:
            if len(batch) == 1 or not is_memory(problem):
                raise
            most = len(batch) // 2
        else:
            waiting, done = waiting[len(batch) :], done + plan.steps - batch[0].begin
            continue
        _give_back()


def _batches(frames: Sequence[Frame], most: int) -> list[list[Frame]]:
    """Return the frames in their order as batches of at most ``most`` that take the same steps."""
    alike = [list(group) for _, group in groupby(frames, key=lambda frame: (frame.begin, id(frame.stem)))]
    return [group[start : start + most] for group in alike for start in range(0, len(group), most)]


def _path(engine: Engine, plan: Plan, batch: Sequence[Frame], keeper: Keeper | None) -> Iterator[Step]:
    """Yield the latents of a batch after each step; one latent stands for all of them while the steps are shared.

    Those of a picture that is kept to come first. A source that has no step to go is not looked at.
    """
    parts, first = engine.parts, batch[0]
    if first.begin == plan.steps:
        return
    if plan.kept is not None:
        batch = [replace(first, words=plan.kept), *batch]
    sources = diffusion.generators(frame.seed for frame in batch)
    noise = diffusion.noise(parts, plan.width, plan.height, sources)
    picture = engine.pictures.encode(plan.source) if plan.source and first.begin else None
    drawn, begin = diffusion.begin(plan.scheduler, noise, picture, first.begin), first.begin
    if first.stem is not None:
        stem = Conditioning(first.stem, plan.negative, plan.guidance_scale)
        shared = slice(begin, begin + plan.shared)
        for one in diffusion.denoise(parts, plan.scheduler, stem, drawn[:1], sources[:1], shared):
            yield one
            drawn, begin = one.latents.expand(len(batch), -1, -1, -1), shared.stop
        for source in sources[1:]:
            source.set_state(sources[0].get_state())
    words = Conditioning(torch.cat([frame.words for frame in batch]), plan.negative, plan.guidance_scale)
    if keeper:
        words = replace(words, hold=keeper.guide)
    yield from diffusion.denoise(parts, plan.scheduler, words, drawn, sources, slice(begin, None), plan.control)


@contextmanager
def explain_memory() -> Iterator[None]:
    """Turn running out of memory, on a GPU or a CPU, into a sentence, and give the GPU's memory back."""
    try:
        yield
    except (MemoryError, RuntimeError) as problem:
        if not is_memory(problem):
            raise
        _give_back()
        raise DrawingFailed("pipelines.out_of_memory") from problem


def is_memory(problem: Exception) -> bool:
    """Say whether memory ran out; torch's CPU allocator has no exception of its own, only these words."""
    return isinstance(problem, torch.OutOfMemoryError | MemoryError) or "can't allocate memory" in str(problem)


def _give_back() -> None:
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
