"""From a request to pictures: what runs behind Draw and behind /text_to_image, without a single component."""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol

import gradio as gr

from animegen import infotext
from animegen.images import sheet, with_parameters
from animegen.tasks import Picture, Preview, Task, TextToImage
from animegen.ui.refusals import sentences
from animegen.ui.texts import Language, language, say, translate

if TYPE_CHECKING:
    from PIL.Image import Image

    from animegen.models.table import ModelRow
    from animegen.prompts.layers import Prompt

Shown = tuple[Any, Any, dict[str, Any]]
"""The large picture, the finished pictures, and the details; what stays as it is on the page is a gradio skip."""


class Door(Protocol):
    """What the page needs of a studio."""

    @property
    def row(self) -> "ModelRow":
        """The model that draws."""
        ...

    def run(self, task: Task) -> Generator[Preview | Picture, None, None]:
        """Draw a task: previews, then its pictures."""
        ...

    def prompt(self, task: Task) -> "Prompt":
        """Return the layers that a task would be drawn from."""
        ...


def text_to_image(studio: Door) -> Callable[..., Iterator[Shown]]:
    """Return the function behind Draw and /text_to_image; its keywords are the fields of the task."""

    def draw(request: gr.Request, **values: Any) -> Iterator[Shown]:
        """Draw a character from words; yields previews with the step they are at, then the pictures.

        A zero in steps, guidance_scale, width or height and an empty sampler mean "as the preset and the model
        have it"; seed -1 means "choose one"; a filled final_prompt is drawn as it stands. The details name the
        seeds that were used.
        """
        tongue = language(request)
        with sentences(tongue):
            task = TextToImage(**values)
            yield gr.skip(), gr.skip(), {"message": say("waiting", tongue), "step": 0, "steps": 1}
            with closing(studio.run(task)) as events:
                yield from _shown(events, tongue)

    return draw


def _shown(events: Iterator[Preview | Picture], tongue: Language) -> Iterator[Shown]:
    pictures: list[Picture] = []
    for event in events:
        if isinstance(event, Preview):
            yield _together(event.images), gr.skip(), _progress(event, tongue)
        else:
            pictures.append(event)
    images = [with_parameters(picture.image, infotext.write(picture.task, picture.model)) for picture in pictures]
    yield images[0], images, _result(pictures, tongue)


def _together(images: "Sequence[Image]") -> Any:
    """Return the previews of a batch as one picture, or nothing new where a step comes without."""
    if len(images) < 2:
        return images[0] if images else gr.skip()
    return sheet(images, columns=math.ceil(math.sqrt(len(images))))


def _progress(preview: Preview, tongue: Language) -> dict[str, Any]:
    message = say("step", tongue, step=preview.step, steps=preview.steps)
    return {"message": message, "step": preview.step, "steps": preview.steps}


def _result(pictures: Sequence[Picture], tongue: Language) -> dict[str, Any]:
    seeds = [picture.seed for picture in pictures]
    key = "done" if len(seeds) == 1 else "done_many"
    task = pictures[0].task
    return {
        "message": say(key, tongue, seed=seeds[0], first=seeds[0], last=seeds[-1]),
        "step": task.steps,
        "steps": task.steps,
        "seeds": seeds,
        "final_prompt": task.final_prompt,
        "model": pictures[0].model,
        "notes": [translate(note, tongue) for note in pictures[0].notes],
    }
