"""The small pictures on the pickers' choices, as style rules: gradio's own radio buttons lie beneath them.

A picker's pictures lie side by side on one sheet, which travels inside the style sheet and so needs no address.
Where a sheet is missing its picker shows words alone.
"""

import json
from base64 import b64encode
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from animegen.prompts.appearance import features
from animegen.prompts.styles import styles
from animegen.ui.controls import PICTURED

FOLDER: Final = Path(__file__).with_name("pictures")
"""Where `animegen evaluate pickers` puts the sheets, and ``sheets.json``, which names the choices on each."""


def css(drawable: Collection[str], folder: Path = FOLDER) -> str:
    """Return the rules: which part of a sheet each choice shows, and which styles stand back or away.

    ``drawable`` are the names of the styles that can be drawn.
    """
    return "\n".join([*_pictures(folder), *_styles(drawable), *_shelf()])


def sheets(folder: Path = FOLDER) -> Mapping[str, list[str]]:
    """Return the names on each sheet that is there, from left to right, by the picker that it belongs to."""
    index = folder / "sheets.json"
    listed: dict[str, list[str]] = json.loads(index.read_text(encoding="utf-8")) if index.exists() else {}
    return {picker: names for picker, names in listed.items() if (folder / f"{picker}.webp").exists()}


def _pictures(folder: Path) -> Iterator[str]:
    for picker, names in sheets(folder).items():
        data = b64encode((folder / f"{picker}.webp").read_bytes()).decode()
        yield f".sheet-{picker} {{ --sheet: url(data:image/webp;base64,{data}); --cells: {len(names)}; }}"
        for place, name in enumerate(names):
            yield f'{_choice(picker, name)} {{ --picture: ""; --place: {place}; }}'


def _styles(drawable: Collection[str]) -> Iterator[str]:
    """Yield the rules for styles that cannot be drawn, and for clothes, which have a picker of their own."""
    for row in styles().values():
        if row.name in features("outfit") and row.name != "none":
            yield f"{_choice('style', row.name)}:not(:has(:checked)) {{ display: none; }}"
        elif row.name not in drawable:
            yield f"{_choice('style', row.name)} {{ opacity: 0.5; }}"


def _shelf() -> Iterator[str]:
    """Yield the rules by which a shelf shows the picker that it names, and marks each that holds a choice."""
    for field in PICTURED:
        named = f'.shelf label:has([value="{field}"])'
        yield f'.pickers:has(.shelf):not(:has(.shelf [value="{field}"]:checked)) .field-{field} {{ display: none; }}'
        yield f'.pickers:has(.tiles.field-{field} [value="none"]:checked) .strength.field-{field} {{ display: none; }}'
        yield f'.pickers:has(.field-{field} :checked:not([value="none"])) {named}::after {{ content: ""; }}'


def _choice(picker: str, name: str) -> str:
    return f'.sheet-{picker} label:has(> input[value="{name}"])'
