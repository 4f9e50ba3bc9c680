"""The pictures of a sheet without their background, by whatever way there is for the model that drew them."""

from collections.abc import Generator, Sequence
from typing import Final

from PIL import Image

from animegen.errors import ModelUnavailable
from animegen.models import matting
from animegen.models.table import ModelRow
from animegen.pictures import cutout
from animegen.pipelines.frames import Progress

UNEVEN: Final = "The background came out uneven, so nothing was cut out; name no background, or try another seed."
EXTRA: Final = "After `pip install '.[matting]'` in animegen's folder, any background can be cut away."
NOBODY: Final = "No character was recognised in the neutral picture, so nothing was cut out; try another seed."

Cut = tuple[tuple[Image.Image, ...], tuple[str, ...]]
"""Pictures, and what is to be told of them."""


def sprites(
    row: ModelRow, images: Sequence[Image.Image], neutral: Image.Image, meanwhile: Progress
) -> Generator[Progress, None, Cut]:
    """Return the pictures as RGBA, or as they are where they cannot be cut out, and what is to be told.

    What happens ``meanwhile`` is yielded after each picture, so that a drawing can be stopped there too: the network
    takes seconds for one.
    """
    if not matting.serves(row):
        found = cutout.sprites(images, neutral)
        return found, _unless_cut(found, UNEVEN) if row.plain_background else _unless_cut(found, UNEVEN, EXTRA)
    cut = []
    try:
        for sprite in cutout.matted(images, neutral, matting.load().matte):
            cut.append(sprite)
            yield meanwhile
    except ModelUnavailable as problem:
        return tuple(images), (f"Nothing was cut out: {problem}",)
    return tuple(cut), _unless_cut(cut, NOBODY)


def _unless_cut(images: Sequence[Image.Image], *notes: str) -> tuple[str, ...]:
    return () if all(image.mode == "RGBA" for image in images) else notes
