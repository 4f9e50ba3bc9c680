"""From frames to a film: what runs behind the endpoints that draw frames, without a single component."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import gradio as gr
from gradio.utils import get_upload_folder

from animegen.pictures.films import Film, bar, film, wanted
from animegen.studio.protocol import StudioProtocol
from animegen.tasks import Animation, EmotionPath, Picture
from animegen.ui import uploads
from animegen.ui.drawing import Finish, Shown, marked, result, told
from animegen.ui.refusals import sentences
from animegen.ui.stopping import Stops
from animegen.ui.texts import Language, language, say

MOVING: Final = ("gif", "webp")
"""The films that a browser shows as a picture."""


def frames(
    studio: StudioProtocol, kind: type[EmotionPath | Animation], stops: Stops, shows: Any = None
) -> Callable[..., Iterator[Shown]]:
    """Return the function behind a task of frames; its keywords are the task's fields and those of a film."""

    # The default is what lets a script leave the picture out.
    def draw(request: gr.Request, image: Any = None, **values: Any) -> Iterator[Shown]:
        tongue = language(request)
        with sentences(tongue):
            rate, ping_pong, made = (values.pop(name) for name in ("frame_rate", "ping_pong", "film"))
            how = wanted(made, rate, ping_pong)
            given = kind is Animation or image is not None
            task = kind(**values | {"image": uploads.picture(image, tongue) if given else None})
            yield from told(studio, task, request, stops, (shows or filmed)(task, how), outputs=4)

    return draw


def filmed(task: EmotionPath | Animation, how: Film | None) -> Finish:
    """Return what shows finished frames: a path as a bar of them all, an animation as its last one; and the film."""

    def finish(pictures: Sequence[Picture], tongue: Language) -> Shown:
        whole = bar(pictures, task) if isinstance(task, EmotionPath) else pictures[-1]
        made = served(film(pictures, how, task), f"{pictures[0].seed}.{how.format}") if how else None
        return marked([whole])[0], marked(pictures), made, result(pictures, tongue)

    return finish


def played(task: EmotionPath | Animation, how: Film | None) -> Finish:
    """Return what shows frames on the page: the film itself where a picture can be one, and a way to save it."""
    finish = filmed(task, how)

    def play(pictures: Sequence[Picture], tongue: Language) -> Shown:
        whole, images, file, details = finish(pictures, tongue)
        moves = how is not None and how.format in MOVING
        button = gr.DownloadButton(say("film_save", tongue), value=file, visible=bool(file))
        return file if moves else whole, images, button, details

    return play


def served(data: bytes, name: str) -> str:
    """Return a file of that name among those that gradio serves, and removes when they are old."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(mkdtemp(dir=folder)) / name
    path.write_bytes(data)
    return str(path)
