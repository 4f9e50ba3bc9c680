"""Files that visitors send or are sent: only those that gradio itself took in or wrote are opened or handed out."""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from PIL.Image import Image

from animegen.errors import InvalidRequest
from animegen.pictures.files import open_picture


def picture(file: Any) -> Image:
    """Return the picture in a file that gradio took in.

    Raises InvalidRequest.
    """
    return open_picture(path(file))


def path(file: Any) -> Path:
    """Return where a file lies, links followed; a path from elsewhere than the upload folder is no file of this page.

    ``file`` is what gradio sends for one: an object with the file's ``path``. Raises InvalidRequest.
    """
    name = file.get("path") if isinstance(file, dict) else None
    if not here(name):
        raise InvalidRequest("page.choose_picture")
    return place(name)


def here(name: Any) -> bool:
    """Say whether a file of that name lies in the upload folder, and has not expired."""
    try:
        return place(name).is_file()
    except (OSError, ValueError):  # too long for a name
        return False


def place(name: Any) -> Path:
    """Return the place in the upload folder that a name stands for, links followed.

    Raises ValueError where it stands for a place elsewhere, or for none.
    """
    try:
        found = Path(name).resolve()
    except (OSError, RuntimeError, TypeError) as odd:  # links in a circle, no text
        raise ValueError("This is no name of a file") from odd
    if not found.is_relative_to(Path(get_upload_folder()).resolve()):
        raise ValueError("This is no file of the upload folder")
    return found
