"""Files that visitors send or are sent: only those that gradio itself took in or wrote are opened or handed out."""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from PIL.Image import Image

from animegen.errors import InvalidRequest
from animegen.images import open_picture
from animegen.ui.texts import Language, say


def picture(file: Any, tongue: Language) -> Image:
    """Return the picture in a file that gradio took in.

    Raises InvalidRequest.
    """
    return open_picture(path(file, tongue))


def path(file: Any, tongue: Language) -> Path:
    """Return where a file lies, links followed; a path from elsewhere than the upload folder is no file of this page.

    ``file`` is what gradio sends for one: an object with the file's ``path``. Raises InvalidRequest.
    """
    try:
        found = Path(file["path"]).resolve()
        if found.is_relative_to(Path(get_upload_folder()).resolve()) and found.is_file():
            return found
    except (KeyError, OSError, RuntimeError, TypeError, ValueError):  # no path, too long, links in a circle, NUL
        pass
    raise InvalidRequest(say("choose_picture", tongue))
