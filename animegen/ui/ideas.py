"""What an empty canvas invites to: pictures that the embedded model drew; one click fills the controls and draws.

``python -m animegen.ui.ideas`` draws the pictures again, from the requests in ``ideas.toml``.
"""

import tomllib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import gradio as gr

from animegen.tasks import TextToImage
from animegen.ui.controls import Controls
from animegen.ui.scripts import script
from animegen.ui.texts import text

FOLDER: Final = Path(__file__).with_name("pictures")
SIDE: Final = 224
"""The width and height of an idea's picture."""


@cache
def ideas() -> Mapping[str, Mapping[str, Any]]:
    """Return the fields of each request by its name, which the page's texts have as ``idea_NAME``."""
    return tomllib.loads(Path(__file__).with_name("ideas.toml").read_text(encoding="utf-8"))


def buttons() -> dict[str, gr.Button]:
    """Lay out a picture for each idea, which the style sheet shows while the canvas is empty."""
    with gr.Column(elem_id="ideas"):
        gr.Markdown(text("ideas"))
        with gr.Row(elem_id="idea_pictures"):
            return {name: gr.Button(text(f"idea_{name}"), elem_id=f"idea_{name}", min_width=0) for name in ideas()}


def wire(offered: Mapping[str, gr.Button], controls: Controls, tabs: gr.Tabs) -> None:
    """Let each picture fill the controls of text to image, which are in their order, and draw."""
    every = list(controls.values())
    for name, button in offered.items():
        values = [ideas()[name].get(field, control.value) for field, control in controls.items()]
        fill = script("fill", values=values, tab=TextToImage.name)
        filled = button.click(None, None, [*every, tabs], js=fill)
        filled.then(None, None, None, js=script("press_draw"))


def css(folder: Path = FOLDER) -> str:
    """Return the rules that put each picture on its button; it travels in the style sheet and needs no address."""
    rules = []
    for path in sorted(folder.glob("idea_*.webp")):
        data = b64encode(path.read_bytes()).decode()
        rules.append(f"#{path.stem}::before {{ background-image: url(data:image/webp;base64,{data}); }}")
    return "\n".join(rules)


def main() -> None:
    """Draw the picture of each idea into FOLDER."""
    from PIL import Image

    from animegen.settings import Settings
    from animegen.studio import Studio

    studio = Studio.load(Settings(model="chibi"))
    for name, fields in ideas().items():
        image = studio.pictures(TextToImage(**fields))[0].image
        small = image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)
        small.save(FOLDER / f"idea_{name}.webp", quality=85, method=6)


if __name__ == "__main__":
    main()
