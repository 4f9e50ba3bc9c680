"""From a request to pictures: what runs behind Draw and behind /text_to_image, without a single component."""

import math
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol

import gradio as gr

from animegen import infotext
from animegen.images import sheet, with_parameters
from animegen.tasks import ImageToImage, Picture, Preview, Task, TextToImage
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

    def prompt(self, task: TextToImage) -> "Prompt":
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
            yield gr.skip(), gr.skip(), waiting(tongue)
            with closing(studio.run(task)) as events:
                yield from shown(events, tongue)

    return draw


def shown(events: Iterator[Preview | Picture], tongue: Language) -> Iterator[Shown]:
    """Yield the previews of a drawing with the step they are at, then its pictures with their settings inside."""
    pictures: list[Picture] = []
    for event in events:
        if isinstance(event, Preview):
            yield together(event.images), gr.skip(), progress(event, tongue)
        else:
            pictures.append(event)
    images = marked(pictures)
    yield images[0], images, result(pictures, tongue)


def marked(pictures: Sequence[Picture]) -> "list[Image]":
    """Return the images with their settings, as gradio writes them into PNG files."""
    return [with_parameters(picture.image, infotext.write(picture.task, picture.model)) for picture in pictures]


def waiting(tongue: Language) -> dict[str, Any]:
    """Return the details before the first step."""
    return {"message": say("waiting", tongue), "step": 0, "steps": 1}


def together(images: "Sequence[Image]") -> Any:
    """Return the previews of a batch as one picture, or nothing new where a step comes without."""
    if len(images) < 2:
        return images[0] if images else gr.skip()
    return sheet(images, columns=math.ceil(math.sqrt(len(images))))


def progress(preview: Preview, tongue: Language) -> dict[str, Any]:
    """Return the details after a step."""
    message = say("step", tongue, step=preview.step, steps=preview.steps)
    return {"message": message, "step": preview.step, "steps": preview.steps}


def result(pictures: Sequence[Picture], tongue: Language) -> dict[str, Any]:
    """Return the details of finished pictures; frames of one seed have no final prompt, but that of their character."""
    seeds = [picture.seed for picture in pictures]
    key = "done" if seeds[0] == seeds[-1] else "done_many"
    task = pictures[0].task
    return {
        "message": say(key, tongue, seed=seeds[0], first=seeds[0], last=seeds[-1]),
        "step": task.steps,
        "steps": task.steps,
        "seeds": seeds,
        "final_prompt": task.final_prompt if isinstance(task, TextToImage | ImageToImage) else task.prompt,
        "width": task.width,
        "height": task.height,
        "model": pictures[0].model,
        "notes": [translate(note, tongue) for note in pictures[0].notes],
    }
