"""How the page looks: one accent on quiet ground, fonts of the visitor's own machine, light and dark."""

from pathlib import Path

import gradio as gr
from gradio.themes.utils import colors, sizes

FONTS = ("system-ui", "Noto Sans JP", "Hiragino Sans", "Noto Sans CJK JP", "Yu Gothic UI", "sans-serif")


def theme() -> gr.themes.Base:
    """Return the theme; it names no remote font."""
    return gr.themes.Base(
        primary_hue=colors.rose,
        neutral_hue=colors.slate,
        radius_size=sizes.radius_lg,
        font=[gr.themes.Font(name) for name in FONTS],
        font_mono=[gr.themes.Font("ui-monospace"), gr.themes.Font("monospace")],
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_border_width="0px",
        block_border_width_dark="0px",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_border_width="0px",
        block_label_border_width_dark="0px",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
    )


def css() -> str:
    """Return the page's own style sheet."""
    return Path(__file__).with_name("style.css").read_text(encoding="utf-8")
