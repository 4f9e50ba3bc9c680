"""From a request to pictures: what runs behind Draw and behind /text_to_image, without a single component."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import gradio as gr

from animegen.pictures import infotext
from animegen.pictures.files import sheet
from animegen.pictures.metadata import with_parameters
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Canny, ImageToImage, Picture, Preview, Still, Task, TextToImage
from animegen.ui import disk, uploads
from animegen.ui.refusals import sentences
from animegen.ui.stopping import Stops
from animegen.ui.texts import Language, language, say, shown

if TYPE_CHECKING:
    from PIL.Image import Image

SAME = gr.skip()
Shown = tuple[Any, ...]
"""The large picture, the finished pictures, of frames their film, and the details; what stays is a gradio skip."""
Finish = Callable[[Sequence[Picture], Language], Shown]


def text_to_image(studio: StudioProtocol, stops: Stops) -> Callable[..., Iterator[Shown]]:
    """Return the function behind Draw and /text_to_image; its keywords are the fields of the task."""

    def draw(request: gr.Request, **values: Any) -> Iterator[Shown]:
        """Draw a character from words; yields previews with the step they are at, then the pictures.

        A zero in steps, guidance_scale, width or height and an empty sampler mean "as the preset and the model
        have it"; seed -1 means "choose one"; a filled final_prompt is drawn as it stands. loras are names of /loras,
        each with a weight behind a colon if you like: "name:0.8". The details name the seeds that were used.
        """
        with sentences(language(request)):
            yield from told(studio, TextToImage(**values), request, stops, finished)

    return draw


def from_picture(
    studio: StudioProtocol,
    kind: type[ImageToImage | Canny],
    stops: Stops,
    finish: Finish | None = None,
    *,
    outputs: int = 3,
) -> Callable[..., Iterator[Shown]]:
    """Return the function behind a still made from an upload; its keywords are the fields of the task."""

    def draw(request: gr.Request, **values: Any) -> Iterator[Shown]:
        tongue = language(request)
        with sentences(tongue):
            task = kind(**values | {"image": uploads.picture(values["image"], tongue)})
            yield from told(studio, task, request, stops, finish or finished, outputs=outputs)

    return draw


def told(
    studio: StudioProtocol, task: Task, request: gr.Request, stops: Stops, finish: Finish, *, outputs: int = 3
) -> Iterator[Shown]:
    """Yield how a drawing goes, step by step, and what ``finish`` makes of its pictures for the ``outputs``.

    Neither a stop, which is asked for by ``stops``, nor an error loses a finished picture: one whose batch was decoded,
    be it while the stop was on its way. After the last batch a stop is too late to be one. The last details always say
    that nothing is being drawn any more: also those after a stop, and those before an error is raised. Nothing else has
    to tell it, and nothing can tell it too early.
    """
    tongue = language(request)
    pictures: list[Picture] = []
    with stops.during(request) as asked, disk.previews() as save:
        yield _shown(outputs, waiting(tongue))
        try:
            with closing(studio.run(task)) as events:
                for event in events:
                    if isinstance(event, Picture):
                        pictures.append(event)
                    elif asked.is_set():
                        key = "stopped_with" if pictures else "stopped"
                        yield kept(pictures, tongue, outputs, say(key, tongue, count=len(pictures)))
                        return
                    else:
                        yield _shown(outputs, progress(event, tongue), picture=together(event.images, save))
            yield finish(pictures, tongue)
        except Exception:
            yield kept(pictures, tongue, outputs, "")
            raise


def _shown(outputs: int, details: dict[str, Any], *, picture: Any = SAME, pictures: Any = SAME) -> Shown:
    return picture, pictures, *[SAME] * (outputs - 3), details


def finished(pictures: Sequence[Picture], tongue: Language) -> Shown:
    """Return what is shown of finished stills."""
    images = marked(pictures)
    return images[0], images, result(pictures, tongue)


def kept(pictures: Sequence[Picture], tongue: Language, outputs: int, message: str) -> Shown:
    """Return what is shown of a drawing that ended too early: its finished pictures, but no film, page or zip."""
    if not pictures:
        return _shown(outputs, {"message": message}, pictures=[])
    images = marked(pictures)
    return _shown(outputs, result(pictures, tongue) | {"message": message}, picture=images[0], pictures=images)


def compared(pictures: Sequence[Picture], tongue: Language) -> Shown:
    """Return what is shown of a picture that was drawn anew: also itself beside its source, at the same size."""
    image, images, details = finished(pictures, tongue)
    task = pictures[0].task
    source = task.image if isinstance(task, ImageToImage | Canny) else None
    return image, images, (source, image), details


def marked(pictures: Sequence[Picture]) -> "list[Image]":
    """Return the images with their settings, as gradio writes them into PNG files."""
    texts = (infotext.write(picture.task, picture.model, picture.lora_hashes) for picture in pictures)
    return [with_parameters(picture.image, text) for picture, text in zip(pictures, texts, strict=True)]


def waiting(tongue: Language) -> dict[str, Any]:
    """Return the details before the first step."""
    return {"message": say("waiting", tongue), "step": 0, "steps": 1}


def together(images: "Sequence[Image]", save: "Callable[[Image], str]") -> Any:
    """Return the file of the previews of a batch as one picture, or nothing new where a step comes without."""
    if len(images) < 2:
        return save(images[0]) if images else SAME
    return save(sheet(images, columns=math.ceil(math.sqrt(len(images)))))


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
        "final_prompt": task.final_prompt if isinstance(task, Still) else task.prompt,
        "width": task.width,
        "height": task.height,
        "model": pictures[0].model,
        "notes": [shown(note, tongue) for note in dict.fromkeys(note for each in pictures for note in each.notes)],
    }
