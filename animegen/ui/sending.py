"""From the picture that is shown to another tab: its words and looks go along, read out of the picture itself."""

from collections.abc import Sequence

import gradio as gr

from animegen.tasks import EmotionPath, ImageToImage
from animegen.ui import reading
from animegen.ui.controls import LOOKS, SPOKEN, Controls
from animegen.ui.drawing import Door
from animegen.ui.outcome import Outcome

CHARACTER = ("prompt", *LOOKS)
"""What says who is drawn."""
OPEN = "(picture) => [{__type__: 'update', selected: '%s'}, %s]"


def wire(studio: Door, outcome: Outcome, tabs: gr.Tabs, picture: Controls, path: Controls) -> None:
    """Wire the buttons under the picture: to be drawn anew, or led from one emotion to another with the same seed."""
    _send(studio, outcome, "redraw", picture, CHARACTER, tabs, OPEN % (ImageToImage.name, "picture"))
    _send(studio, outcome, "feel", path, (*CHARACTER, "seed"), tabs, OPEN % (EmotionPath.name, "null"))


def _send(
    studio: Door, outcome: Outcome, chip: str, to: Controls, names: Sequence[str], tabs: gr.Tabs, open_tab: str
) -> None:
    filled = outcome.chips[chip].click(
        reading.settings(studio, names), outcome.picture, [to[name] for name in names], preprocess=False, **SPOKEN
    )
    filled.success(None, outcome.picture, [tabs, to["image"]], js=open_tab)
