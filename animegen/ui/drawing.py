"""From the values of the controls to pictures: what runs behind Draw and behind the endpoint of each task."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import gradio as gr

from animegen.messages import Language
from animegen.pictures.files import sheet
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Picture, Preview, Task, fields
from animegen.ui import disk, uploads
from animegen.ui.details import Details, progress, result, waiting
from animegen.ui.errors import show_errors
from animegen.ui.results import Outputs, marked, stills
from animegen.ui.stops import Stops
from animegen.ui.texts import language_of, say

if TYPE_CHECKING:
    from PIL.Image import Image

Finish = Callable[[Sequence[Picture], Language], Outputs]
"""What finished pictures are shown as."""
Prepare = Callable[..., tuple[Task, Finish]]
"""What makes a task of the values of the controls, and says how its pictures are shown."""


def handler(
    studio: StudioProtocol, kind: type[Task], stops: Stops, prepare: Prepare | None = None, *, outputs: int = 3
) -> Callable[..., Iterator[Outputs]]:
    """Return the function of a task's event; its keywords are the fields of the task and the options of its results.

    Without ``prepare`` the task has no options, and its pictures are shown as single ones.
    """
    needed = any(field.name == "image" and field.required for field in fields(kind))

    # The default of the picture is what lets a script leave it out, and read what is missing.
    def draw(request: gr.Request, image: Any = None, **values: Any) -> Iterator[Outputs]:
        language = language_of(request)
        with show_errors(language):
            if needed or image is not None:
                values["image"] = uploads.picture(image)
            task, finish = prepare(**values) if prepare else (kind(**values), stills)
            yield from stream(studio, task, request, stops, finish, outputs=outputs)

    return draw


def stream(
    studio: StudioProtocol, task: Task, request: gr.Request, stops: Stops, finish: Finish, *, outputs: int = 3
) -> Iterator[Outputs]:
    """Yield how a drawing goes, step by step, and what ``finish`` makes of its pictures for the ``outputs``.

    Neither a stop, which is requested by ``stops``, nor an error loses a finished picture: one whose batch was decoded,
    be it while the stop was on its way. After the last batch a stop is too late to be one. The last details always say
    that nothing is being drawn any more: also those after a stop, and those before an error is raised. Nothing else has
    to tell it, and nothing can tell it too early.
    """
    language = language_of(request)
    pictures: list[Picture] = []
    with stops.during(request) as stop, disk.previews() as save:
        yield _outputs(outputs, waiting(language))
        try:
            with closing(studio.run(task)) as events:
                for event in events:
                    if isinstance(event, Picture):
                        pictures.append(event)
                    elif stop.is_set():
                        key = "stopped_with" if pictures else "stopped"
                        yield _partial(pictures, language, outputs, say(key, language, count=len(pictures)))
                        return
                    else:
                        yield _step(event, language, outputs, save)
            yield finish(pictures, language)
        except Exception:
            yield _partial(pictures, language, outputs, "")
            raise


def _step(preview: Preview, language: Language, outputs: int, save: "Callable[[Image], str]") -> Outputs:
    """Return what is shown after a step: the previews of a batch as one picture, where it comes with any."""
    images = preview.images
    together = sheet(images, columns=math.ceil(math.sqrt(len(images)))) if images else None
    picture = save(together) if together else gr.skip()
    return _outputs(outputs, progress(preview, language), picture=picture)


def _partial(pictures: Sequence[Picture], language: Language, outputs: int, message: str) -> Outputs:
    """Return what is shown of a drawing that ended too early: its finished pictures, but no film, page or zip."""
    if not pictures:
        return _outputs(outputs, {"message": message}, pictures=[])
    images = marked(pictures)
    details: Any = {**result(pictures, language), "message": message}
    return _outputs(outputs, details, picture=images[0], pictures=images)


def _outputs(count: int, details: Details, *, picture: Any = gr.skip(), pictures: Any = gr.skip()) -> Outputs:  # noqa: B008
    return picture, pictures, *[gr.skip()] * (count - 3), details
