"""Files that visitors send: only those that gradio itself took in are opened, and no address is fetched."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder
from PIL.Image import Image

from animegen.errors import InvalidRequest
from animegen.images import open_picture
from animegen.ui.texts import Language, say

from gradio.events import Dependency

class Upload(gr.Image):
    """A picture to send, in the visitor's own bytes; gradio's would also fetch one from an address that is named."""

    async def async_move_resource_to_block_cache(self, url_or_file_path: str | Path | None) -> str | None:
        """Keep an uploaded file; raises ValueError on an address."""
        if "://" in str(url_or_file_path):
            raise ValueError("addresses are not fetched")
        kept: str | None = await super().async_move_resource_to_block_cache(url_or_file_path)
        return kept

    def get_block_name(self) -> str:
        """Return what the browser knows this component as."""
        return "image"
    from typing import Callable, Literal, Sequence, Any, TYPE_CHECKING
    from gradio.blocks import Block
    if TYPE_CHECKING:
        from gradio.components import Timer
        from gradio.components.base import Component


def picture(file: Any, tongue: Language) -> Image:
    """Return the picture in a file that gradio took in; a path from elsewhere is no picture of this page.

    Raises InvalidRequest.
    """
    name = str(file.get("path") or "") if isinstance(file, dict) else ""
    path = Path(name.replace("\0", "")).resolve()
    if not path.is_relative_to(Path(get_upload_folder()).resolve()) or not path.is_file():
        raise InvalidRequest(say("choose_picture", tongue))
    return open_picture(path)