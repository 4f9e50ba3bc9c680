"""What each part of the weights was made from, and what of weights and reports would come out otherwise today.

``python -m animegen.chibi.build.origin`` prints it and never fails: to train or measure again takes hours.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from animegen import chibi
from animegen.chibi.build import recipe, record
from animegen.chibi.build.card import REPORTS, WEIGHTS, report_path
from animegen.chibi.build.recipe import RECIPES
from animegen.chibi.build.renders import artist_hash
from animegen.chibi.build.workshop import Stage
from animegen.evaluation import provenance, report
from animegen.models.controlnet import weights_hash

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
    known, recipes_today = record.read(weights), recipe.read(recipes)
    for stage in Stage:
        made = known.recipes.get(stage)
        if not made:
            yield f"{stage}: it was never trained"
        elif made[-1].model_dump() != recipes_today[stage].model_dump():
            yield f"{stage}: its recipe has changed"
        elif known.origins.get(stage) != origin(stage, weights):
            yield f"{stage}: the pictures, the captions or the parts beneath it have changed"


def stale_reports(weights: Path, package: Path = provenance.PACKAGE) -> Iterator[str]:
    """Yield a line for each report in a weights folder that is of other weights or code than today's, and why."""
    today = {"code": provenance.code(package), **provenance.parts(weights)}
    for verb in REPORTS:
        if not (path := report_path(weights, verb)).exists():
            yield f"{verb}: it was never measured"
            continue
        before = report.read(path).sources
        if changed := [name for name in today if before.get(name) != today[name]]:
            yield f"{verb}: measured with other {', '.join(changed)}"


def main() -> None:
    """Print which weights and which reports are stale."""
    for line in stale(WEIGHTS):
        print(f"stale weights: {line}")
    for line in stale_reports(WEIGHTS):
        print(f"stale report: {line}")


if __name__ == "__main__":
    main()
