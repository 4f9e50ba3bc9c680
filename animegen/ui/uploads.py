"""Files that visitors send: only those that gradio itself took in are opened."""

from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder
from PIL.Image import Image

from animegen.errors import InvalidRequest
from animegen.images import open_picture
from animegen.ui.texts import Language, say


def picture(file: Any, tongue: Language) -> Image:
    """Return the picture in a file that gradio took in; a path from elsewhere is no picture of this page.

    Raises InvalidRequest.
    """
    name = str(file.get("path") or "") if isinstance(file, dict) else ""
    path = Path(name.replace("\0", "")).resolve()
    if not path.is_relative_to(Path(get_upload_folder()).resolve()) or not path.is_file():
        raise InvalidRequest(say("choose_picture", tongue))
    return open_picture(path)
