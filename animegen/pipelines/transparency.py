"""The pictures of a sheet without their background, by whatever way there is for the model that drew them."""

from collections.abc import Generator, Sequence

from PIL import Image

from animegen.errors import ModelUnavailable
from animegen.messages import Message, message
from animegen.models import matting
from animegen.models.table import ModelRow
from animegen.pictures import cutout
from animegen.pipelines.frames import Progress

Cut = tuple[tuple[Image.Image, ...], tuple[Message, ...]]
"""Pictures, and the notes on them."""


def sprites(
    row: ModelRow, images: Sequence[Image.Image], neutral: Image.Image, meanwhile: Progress
) -> Generator[Progress, None, Cut]:
    """Return the pictures as RGBA, or as they are where they cannot be cut out, and notes.

    What happens ``meanwhile`` is yielded after each picture, so that a drawing can be stopped there too: the network
    takes seconds for one.
    """
    if not matting.serves(row):
        found = cutout.sprites(images, neutral)
        more = () if row.plain_background else (message("pipelines.matting_extra"),)
        return found, _unless_cut(found, message("pipelines.uneven_background"), *more)
    cut = []
    try:
        for sprite in cutout.matted(images, neutral, matting.load().matte):
            cut.append(sprite)
            yield meanwhile
    except ModelUnavailable as problem:
        return tuple(images), (message("pipelines.not_cut_out", why=problem.message),)
    return tuple(cut), _unless_cut(cut, message("pipelines.nobody_found"))


def _unless_cut(images: Sequence[Image.Image], *notes: Message) -> tuple[Message, ...]:
    return () if all(image.mode == "RGBA" for image in images) else notes
