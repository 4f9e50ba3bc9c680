"""The sizes that pictures are trained at: one square, or buckets of about its area and several aspects.

As NovelAI's aspect ratio bucketing (2022): no bucket has more pixels than the square of the recipe's resolution.
"""

from functools import lru_cache
from typing import Final

from animegen.datasets.dataset import Sample
from animegen.datasets.recipe import DataRecipe
from animegen.errors import DatasetRefused

Size = tuple[int, int]
"""Width and height in pixels."""
RECIPES: Final = 16
"""How many recipes' sizes are remembered."""


def with_resolution(recipe: DataRecipe, native: int) -> DataRecipe:
    """Return a recipe whose resolution is set: its own, else the model's native one."""
    return recipe if recipe.resolution else recipe.model_copy(update={"resolution": native})


@lru_cache(maxsize=RECIPES)
def bucket_sizes(recipe: DataRecipe) -> tuple[Size, ...]:
    """Return the sizes of a recipe whose resolution is set, from the tallest to the widest.

    Raises DatasetRefused when the step is longer than the resolution.
    """
    if recipe.resolution is None:
        raise ValueError("the resolution is unset; with_resolution fills in the model's")
    side, step = recipe.resolution, recipe.bucket_step
    if not recipe.buckets:
        return ((side, side),)
    if step > side:
        raise DatasetRefused("datasets.bucket_step", step=step, resolution=side)
    sizes = {(side // step * step, side // step * step)}
    for short in range(step, side + 1, step):
        long = side * side // short // step * step
        if long <= short * recipe.max_aspect:
            sizes |= {(short, long), (long, short)}
    return tuple(sorted(sizes, key=lambda size: size[0] / size[1]))


def bucket(sample: Sample, recipe: DataRecipe) -> Size:
    """Return the size with the nearest aspect to a picture's.

    Raises DatasetRefused for a picture that would have to be enlarged where the recipe forbids that.
    """
    width, height = sample.size

    def stretch(size: Size) -> float:
        ratio = (width * size[1]) / (height * size[0])
        return max(ratio, 1 / ratio)

    size = min(bucket_sizes(recipe), key=stretch)
    if not recipe.upscale and (width < size[0] or height < size[1]):
        raise DatasetRefused(
            "datasets.too_small",
            file=str(sample.path),
            size=f"{width}x{height}",
            bucket=f"{size[0]}x{size[1]}",
        )
    return size
