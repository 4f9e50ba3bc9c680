"""Of which model a LoRA is: the one whose layers take every module of it."""

from collections.abc import Mapping, Sequence

from animegen.lora_files.bases import Base, bases
from animegen.lora_files.keys import Place
from animegen.lora_files.layout import Shape
from animegen.lora_files.weights import Cause


def layer_shape(down: Shape, up: Shape) -> Shape | None:
    """Return the (out, in, height, width) of the layer that two factors are of, None where they do not fit together."""
    kernel, mixing = (shape[2:] or (1, 1) for shape in (down, up))
    if not {len(down), len(up)} <= {2, 4} or mixing != (1, 1) or not down[0] == up[1] > 0:
        return None
    return (up[0], down[1], *kernel)


def inner_shape(mid: Shape, down: Shape) -> Shape | None:
    """Return the shape of a core and its inner factor taken together, None where they do not fit together."""
    if not len(mid) == len(down) == 4 or down[2:] != (1, 1) or not mid[0] == mid[1] == down[0]:
        return None
    return (mid[0], down[1], *mid[2:])


def misfits(base: Base, shapes: Mapping[Place, Shape]) -> list[Place]:
    """Return the modules that no layer of a base takes; a convolution of one pixel and a linear layer are alike."""
    return [place for place, shape in shapes.items() if _whole(_layer(base, place)) != shape]


def fitting(wanted: Sequence[Base], shapes: Mapping[Place, Shape]) -> list[Base]:
    """Return the wanted bases that take every module. Raises Cause, with the base it is of where that is known."""
    if fits := [base for base in wanted if not misfits(base, shapes)]:
        return fits
    labels = _labels(wanted)
    if others := sharing(shapes):
        raise Cause(f"is a LoRA for {others[0].label}; get one for {labels}.")
    nearest = min(wanted, key=lambda base: len(misfits(base, shapes)))
    part, path = place = misfits(nearest, shapes)[0]
    layer = _whole(_layer(nearest, place))
    here, there = _said(shapes[place]), f"{_said(layer)} in" if layer else "no layer of"
    raise Cause(f"is of another model: {part} '{path}' is {here}, but {there} {nearest.label}; get one for {labels}.")


def meant(fits: Sequence[Base], shared: Sequence[Base], said: str) -> list[Base]:
    """Return the bases that a file is of: those that its shapes fit or, of these, the ones that its own words name.

    ``shared`` are the table's bases with such layers. Raises Cause when the words name another of them.
    """
    named = [base for base in shared if base.named(said)]
    left = [base for base in fits if not named or any(base.layers == other.layers for other in named)]
    if not left:
        raise Cause(f"is a LoRA for {named[0].label}; get one for {_labels(fits)}.")
    return left


def sharing(shapes: Mapping[Place, Shape]) -> list[Base]:
    """Return the table's bases that take every module, drawable or not."""
    return [base for base in bases().values() if not misfits(base, shapes)]


def canonical(base: Base, place: Place, down: Shape, up: Shape) -> tuple[Shape, Shape]:
    """Return the shapes of two factors as the base's own layer has them."""
    layer = base.layers[place[0]][place[1]]
    ones = (1, 1) if len(layer) == 4 else ()
    return (down[0], down[1], *layer[2:]), (up[0], up[1], *ones)


def _labels(wanted: Sequence[Base]) -> str:
    return " or ".join(base.label for base in wanted)


def _layer(base: Base, place: Place) -> Shape:
    part, path = place
    return base.layers.get(part, {}).get(path, ())


def _whole(shape: Shape) -> Shape:
    return (*shape, 1, 1) if len(shape) == 2 else shape


def _said(shape: Shape) -> str:
    """Return a layer's size in words: what it takes, what it gives, and its kernel where it has one."""
    kernel = "" if shape[2:] == (1, 1) else f" by {shape[2]}x{shape[3]} pixels"
    return f"{shape[1]} to {shape[0]}{kernel}"
