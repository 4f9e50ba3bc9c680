"""From frames to a film: what runs behind the endpoints that draw frames, without a single component."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from animegen.films import Film, bar, film
from animegen.tasks import Animation, EmotionPath, Picture, Preview
from animegen.ui.drawing import marked, progress, result, together
from animegen.ui.texts import Language

Filmed = tuple[Any, Any, Any, dict[str, Any]]
"""The large picture, the frames, the film's file, and the details."""


def filmed(
    events: Iterator[Preview | Picture], task: EmotionPath | Animation, how: Film | None, tongue: Language
) -> Iterator[Filmed]:
    """Yield the previews, then the frames: a path as a bar of them all, an animation as its last one; and the film."""
    pictures: list[Picture] = []
    for event in events:
        if isinstance(event, Preview):
            yield together(event.images), gr.skip(), gr.skip(), progress(event, tongue)
        else:
            pictures.append(event)
    whole = bar(pictures, task) if isinstance(task, EmotionPath) else pictures[-1]
    made = served(film(pictures, how), f"{pictures[0].seed}.{how.format}") if how else None
    yield marked([whole])[0], marked(pictures), made, result(pictures, tongue)


def served(data: bytes, name: str) -> str:
    """Return a file of that name among those that gradio serves, and removes when they are old."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(mkdtemp(dir=folder)) / name
    path.write_bytes(data)
    return str(path)
