"""Expression sheet: one character in many emotions, and nothing but what an emotion changes differs between them.

What a prompt leaves open (``prompts/traits.toml``) would be decided anew with each emotion, so every picture, the
neutral one too, gets the words for what the neutral one shows. ``animegen evaluate expression-sheet`` measures what
is kept.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Final

from animegen.messages import message
from animegen.pipelines import frames, transparency, zero_shot
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Drawn, Frame, Plan, Progress, Stages
from animegen.pipelines.job import Job
from animegen.tasks import ExpressionSheet

SHARED: Final = 0.3
"""The part of the steps that all pictures take as the neutral one."""


def draw(engine: Engine, job: Job[ExpressionSheet]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch.

    The job's texts are those of the neutral face, and then those of each picture. A picture is the neutral one wherever
    its words want nothing else. What their words leave open would be decided anew with each emotion; so the neutral
    face is drawn once before, and the words for what it shows are added to all of them, itself too.
    Raises DrawingFailed when memory runs out or a result is no picture.
    """
    with frames.explain_memory():
        plan = frames.plan(engine, job, [], shared=round(job.steps * SHARED))
        stem = engine.encoder.encode(job.texts[:1])
        undecided = zero_shot.find_unspecified(engine.encoder.tokens, job.texts, engine.parts.row.family)
        alone = replace(plan, frames=[Frame(stem, job.seed)], after=job.steps)
        shown = (yield from _shown(engine, alone, job.texts[0], undecided)) if undecided else []
        neutral, *others = engine.encoder.encode([", ".join([text, *shown]) for text in job.texts]).split(1)
        pictures = [Frame(words, job.seed, stem=stem) for words in others]
        plan = replace(plan, frames=pictures, kept=neutral, before=job.steps * bool(undecided))
        for stage in frames.draw(engine, plan):
            if isinstance(stage, Progress):
                yield (last := stage)
            else:
                yield from _finished(engine, job.request, stage, shown, last)


def _shown(
    engine: Engine, plan: Plan, text: str, undecided: Sequence[zero_shot.Choices]
) -> Generator[Progress, None, list[str]]:
    """Draw the neutral picture up to its last step, and return what it surely shows of what its words leave open."""
    latents = yield from frames.draw_latents(engine, plan)
    return [word for choices in undecided for word in zero_shot.classify(engine, latents, text, choices)]


def _finished(engine: Engine, task: ExpressionSheet, drawn: Drawn, shown: Sequence[str], last: Progress) -> Stages:
    """Yield the pictures of a batch, cut out where that is asked for and can be done, and notes."""
    images, notes = drawn.images, []
    if shown:
        notes.append(message("pipelines.traits_kept", words=tuple(shown)))
    if task.transparent and drawn.kept is not None:
        images, more = yield from transparency.sprites(engine.parts.row, images, drawn.kept, last)
        notes.extend(more)
    yield replace(drawn, images=images, notes=tuple(notes))
