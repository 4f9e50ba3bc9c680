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
    if others := sharing(shapes):
        raise Cause("lora_files.other_base", base=others[0].label, wanted=labels(wanted))
    nearest = min(wanted, key=lambda base: len(misfits(base, shapes)))
    part, path = place = misfits(nearest, shapes)[0]
    place_values = {"part": part, "path": path, "base": nearest.label, "wanted": labels(wanted)}
    if not (layer := _whole(_layer(nearest, place))):
        raise Cause("lora_files.unknown_layer", **place_values)
    raise Cause("lora_files.layer_shape", shape=_shown(shapes[place]), expected=_shown(layer), **place_values)


def narrow(fits: Sequence[Base], shared: Sequence[Base], declared: str) -> list[Base]:
    """Return the bases that a file is of: those that its shapes fit or, of these, the ones that its metadata names.

    ``shared`` are the table's bases with such layers. Raises Cause when the metadata names another of them.
    """
    named = [base for base in shared if base.named(declared)]
    left = [base for base in fits if not named or any(base.layers == other.layers for other in named)]
    if not left:
        raise Cause("lora_files.other_base", base=named[0].label, wanted=labels(fits))
    return left


def sharing(shapes: Mapping[Place, Shape]) -> list[Base]:
    """Return the table's bases that take every module, drawable or not."""
    return [base for base in bases().values() if not misfits(base, shapes)]


def canonical(base: Base, place: Place, down: Shape, up: Shape) -> tuple[Shape, Shape]:
    """Return the shapes of two factors as the base's own layer has them."""
    layer = base.layers[place[0]][place[1]]
    ones = (1, 1) if len(layer) == 4 else ()
    return (down[0], down[1], *layer[2:]), (up[0], up[1], *ones)


def labels(wanted: Sequence[Base]) -> str:
    """Return the names of some bases as one, in no language."""
    return " / ".join(base.label for base in wanted)


def _layer(base: Base, place: Place) -> Shape:
    part, path = place
    return base.layers.get(part, {}).get(path, ())


def _whole(shape: Shape) -> Shape:
    return (*shape, 1, 1) if len(shape) == 2 else shape


def _shown(shape: Shape) -> str:
    """Return a layer's size in no language: inputs, outputs, and its kernel where it has one."""
    kernel = "" if shape[2:] == (1, 1) else f" ({shape[2]}x{shape[3]})"
    return f"{shape[1]}→{shape[0]}{kernel}"
