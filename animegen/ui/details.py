"""What the page and scripts are told of a drawing: the JSON that comes last among the outputs of every task."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from animegen.messages import Language, render
from animegen.tasks import Picture, Preview, Still
from animegen.ui.texts import say


class Message(TypedDict):
    """A drawing that ended without a picture: why, or nothing where an error says it."""

    message: str


class Progress(Message):
    """A drawing that waits or goes on: ``step`` of ``steps`` are done.

    In the browser, while a request waits for its turn, there are two fields more: ``before`` holds the details that
    the page showed until then, and ``placed`` says that ``message`` tells its place in the queue.
    """

    step: int
    steps: int


class Result(Progress):
    """Finished pictures: their seeds, and what they were drawn from. ``renpy`` are the lines for a game's script."""

    seeds: list[int]
    final_prompt: str
    width: int
    height: int
    model: str
    notes: list[str]
    renpy: NotRequired[str]


Details = Message | Progress | Result


def waiting(language: Language) -> Progress:
    """Return the details before the first step."""
    return {"message": say("waiting", language), "step": 0, "steps": 1}


def queued(before: int, language: Language) -> Progress:
    """Return the details of a request that waits for so many others."""
    return {"message": say("place", language, count=before), "step": 0, "steps": 1}


def progress(preview: Preview, language: Language) -> Progress:
    """Return the details after a step."""
    message = say("step", language, step=preview.step, steps=preview.steps)
    return {"message": message, "step": preview.step, "steps": preview.steps}


def result(pictures: Sequence[Picture], language: Language) -> Result:
    """Return the details of finished pictures; frames of one seed have no final prompt, but that of their character."""
    seeds = [picture.seed for picture in pictures]
    key = "done" if seeds[0] == seeds[-1] else "done_many"
    task = pictures[0].task
    notes = dict.fromkeys(note for each in pictures for note in each.notes)
    return {
        "message": say(key, language, seed=seeds[0], first=seeds[0], last=seeds[-1]),
        "step": task.steps or 0,
        "steps": task.steps or 0,
        "seeds": seeds,
        "final_prompt": task.final_prompt if isinstance(task, Still) else task.prompt,
        "width": task.width or 0,
        "height": task.height or 0,
        "model": pictures[0].model,
        "notes": [render(note, language) for note in notes],
    }
