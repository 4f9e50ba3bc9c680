"""What each part of the weights was made from, and which parts would come out otherwise today."""

import hashlib
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from animegen import chibi
from animegen.chibi.build.renders import artist_hash
from animegen.chibi.build.workshop import RECIPES, Stage
from animegen.models.controlnet import weights_hash
from animegen.training.recipe import Recipe

PICTURES: Final = frozenset(Stage) - {Stage.TEXT}
"""The stages that learn from the artist's pictures."""
WORDS: Final = frozenset({Stage.TEXT, Stage.UNET, Stage.CONTROLNET})
"""The stages that learn from captions."""
BENEATH: Final = {Stage.UNET: ("vae", "text_encoder"), Stage.CONTROLNET: ("vae", "text_encoder", "unet")}
"""The parts that a stage is trained on top of: with others beneath it, it is worth nothing."""


def origin(stage: Stage, weights: Path) -> str:
    """Return a hash of all that a stage learns from: the artist, the captions, and the parts beneath it."""
    digest = hashlib.sha256()
    if stage in PICTURES:
        digest.update(artist_hash().encode())
    for name in ("captions.py", "captions.toml", "wordings.py", "character.py") if stage in WORDS else ():
        digest.update((Path(chibi.__file__).parent / name).read_bytes())
    for part in BENEATH.get(stage, ()):
        digest.update(weights_hash(weights / part).encode())
    return digest.hexdigest()


def stale(weights: Path, recipes: Path = RECIPES) -> Iterator[str]:
    """Yield a line for each part of a weights folder that a build would make otherwise today, and why."""
    record = json.loads((weights / "record.json").read_bytes())
    table = tomllib.loads(recipes.read_text(encoding="utf-8"))
    for stage in Stage:
        made = record["recipes"].get(stage)
        wanted = Recipe.model_validate({name: value for name, value in table[stage].items() if name != "renders"})
        if not made:
            yield f"{stage}: it was never trained"
        elif made[-1] != wanted.model_dump():
            yield f"{stage}: its recipe has changed"
        elif record.get("origins", {}).get(stage) != origin(stage, weights):
            yield f"{stage}: the pictures, the captions or the parts beneath it have changed"
