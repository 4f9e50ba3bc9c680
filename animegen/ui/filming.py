"""From frames to a film: what runs behind the endpoints that draw frames, without a single component."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from gradio.utils import get_upload_folder

from animegen.films import Film, bar, film
from animegen.tasks import Animation, EmotionPath, Picture
from animegen.ui.drawing import Finish, Shown, marked, result
from animegen.ui.texts import Language


def filmed(task: EmotionPath | Animation, how: Film | None) -> Finish:
    """Return what shows finished frames: a path as a bar of them all, an animation as its last one; and the film."""

    def finish(pictures: Sequence[Picture], tongue: Language) -> Shown:
        whole = bar(pictures, task) if isinstance(task, EmotionPath) else pictures[-1]
        return marked([whole])[0], marked(pictures), _file(pictures, how) if how else None, result(pictures, tongue)

    return finish


def _file(pictures: Sequence[Picture], how: Film) -> str:
    """Return a file of the film among those that gradio serves, and removes when they are old."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(mkdtemp(dir=folder)) / f"{pictures[0].seed}.{how.format}"
    path.write_bytes(film(pictures, how))
    return str(path)
