"""Prompts: emotions, styles, quality levels and presets from tables, and the layers they make."""
