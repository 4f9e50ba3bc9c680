"""The page and its script interface: gradio on the outside, one studio behind it, no torch here."""

from animegen.ui.page import api_names, build, launch_options

__all__ = ["api_names", "build", "launch_options"]
