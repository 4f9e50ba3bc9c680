"""The picture that a drawing begins with, made ready: upright, RGB, at a size that the model draws."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from animegen.errors import InvalidRequest
from animegen.messages import Message
from animegen.models.table import ModelRow
from animegen.pictures import sources
from animegen.pictures.sources import Sides
from animegen.tasks import Canny, Request

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Source:
    """A request whose picture is ready at ``size``, the ``image`` itself (None where there is none), and notes."""

    request: Any
    image: "Image | None"
    size: tuple[int, int]
    notes: tuple[Message, ...] = ()


def prepare_source(row: ModelRow, request: Request, size: int) -> Source:
    """Return the request's picture ready to be drawn from; without one, ``size`` is the side of a square drawing.

    Raises InvalidRequest for a picture that cannot be read, or a size that the model cannot draw.
    """
    if isinstance(request, Canny):
        return prepare_edges(row, request)
    image = getattr(request, "image", None)
    if image is None:
        return Source(request, None, _check_size(row, request.width or size, request.height or size))
    upright, before = sources.upright(image)
    wanted = _size_of(row, request, upright)
    fitted, after = sources.fitted(upright, wanted, request.fit)  # type: ignore[attr-defined]  # it has an image
    return Source(request, fitted, wanted, (*before, *after))


def prepare_edges(row: ModelRow, request: Canny) -> Source:
    """Return a request whose picture is ready for its edges to be found, and known for what it is."""
    from animegen.pictures import edges

    upright, before = sources.upright(request.image)
    if request.lines == edges.LINEART:
        return _prepare_lineart(row, request, upright, before)
    ready, notes = edges.prepare(replace(request, image=upright), _size_of(row, request, upright))
    lines = edges.of(ready)
    unlike = row.busts_only and not edges.blank(lines) and not edges.is_bust(lines)
    more = (edges.NO_PORTRAIT,) if unlike else ()
    return Source(ready, ready.image, ready.image.size, (*before, *notes, *more))


def _prepare_lineart(row: ModelRow, request: Canny, upright: "Image", before: tuple[Message, ...]) -> Source:
    """Return a request whose picture is ready for a network to find its lines, which sees a photo in any picture."""
    if not row.lineart_controlnet:
        raise InvalidRequest("models.no_lineart_controlnet", model=row.label)
    size = _size_of(row, request, upright)
    image, notes = sources.fitted(upright, size, request.fit)
    ready = replace(request, image=image, image_kind="photo", width=size[0], height=size[1])
    return Source(ready, image, size, (*before, *notes))


def _size_of(row: ModelRow, request: Request, image: "Image") -> tuple[int, int]:
    """Return the size to draw a picture at: the requested one, else the picture's own as far as the model can."""
    width, height = Sides(row.native_size, row.min_size, row.max_size, row.size_step).of(*image.size)
    return _check_size(row, request.width or width, request.height or height)


def _check_size(row: ModelRow, width: int, height: int) -> tuple[int, int]:
    for field, value in (("width", width), ("height", height)):
        if not row.min_size <= value <= row.max_size or value % row.size_step:
            raise InvalidRequest(
                f"studio.{field}", value=value, model=row.label, step=row.size_step, low=row.min_size, high=row.max_size
            )
    return width, height
