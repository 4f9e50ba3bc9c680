"""The small pictures on the page's pickers: one request a picker, drawn once for every choice with the same seed."""

import json
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from PIL import Image

from animegen.pictures.files import sheet
from animegen.prompts.appearance import KINDS, features
from animegen.prompts.emotions import emotions
from animegen.prompts.styles import drawable
from animegen.studio import Studio
from animegen.tasks import TextToImage

SIDE: Final = 96
"""The width and height of a small picture, in pixels."""


def draw(studio: Studio, *, out: Path, report: Callable[[str], None], preset: str = "quality") -> dict[str, list[str]]:
    """Draw a sheet for each picker into ``out``, and ``sheets.json`` with the names on each; return the names.

    Choices that the studio's model cannot draw are left out, and so is a picker of which nothing is left.
    """
    out.mkdir(parents=True, exist_ok=True)
    offered = choices(studio.row.family, studio.offers.styles(studio.row.lora_base))
    shown = {picker: names for picker, names in offered.items() if len(names) > 1}
    for picker, names in shown.items():
        drawn = [_small(studio, task, table()[picker]["window"]) for task in tasks(picker, names, preset)]
        path = out / f"{picker}.webp"
        sheet(drawn, columns=len(drawn)).save(path, quality=80, method=6)
        report(f"{path}: {', '.join(names)} ({path.stat().st_size:,} bytes)")
    (out / "sheets.json").write_text(f"{json.dumps(shown, indent=2)}\n", encoding="utf-8")
    return shown


def choices(family: str, painted: Collection[str] = ()) -> dict[str, list[str]]:
    """Return what each picker offers and a family of models can draw; clothes are outfits and not shown as styles.

    ``painted`` are the styles that LoRAs make.
    """
    able = drawable(family, painted)
    painting = [name for name in able if name == "none" or name not in features("outfit")]
    return {"emotion": list(emotions()), **{kind: list(features(kind)) for kind in KINDS}, "style": painting}


def tasks(picker: str, names: list[str], preset: str) -> list[TextToImage]:
    """Return the requests of a picker: the same but for what is chosen."""
    row = table()[picker]
    base = TextToImage(prompt=row["prompt"], preset=preset, quality="draft", seed=table()["seed"])
    chosen: list[dict[str, Any]] = [row.get("none", {}) if name == "none" else {picker: name} for name in names]
    return [replace(base, **fields) for fields in chosen]


@cache
def table() -> Mapping[str, Any]:
    """Return the rows of pickers.toml, one a picker, and the seed."""
    return tomllib.loads(Path(__file__).with_name("pickers.toml").read_text(encoding="utf-8"))


def _small(studio: Studio, task: TextToImage, window: list[float]) -> Image.Image:
    """Return the window (left, top and side as fractions) of a task's picture, small."""
    image = studio.pictures(task)[0].image
    left, top, side = (part * image.width for part in window)
    return image.resize((SIDE, SIDE), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side))
