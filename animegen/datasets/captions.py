"""The caption that one use of a sample is trained with, composed of trigger, kept tags and the others."""

from random import Random
from typing import Final

from animegen.datasets.dataset import Sample
from animegen.datasets.recipe import DataRecipe

SEPARATOR: Final = "|||"
"""Stands between the kept tags of a caption and the others (kohya-ss/sd-scripts, keep_tokens_separator)."""


def compose(sample: Sample, recipe: DataRecipe, chance: Random | None) -> str:
    """Return a sample's caption: the trigger, its kept tags, and its other tags shuffled and some left out.

    Excluded tags are in none. A regularisation picture gets no trigger. ``chance`` decides first the order, then the
    tags left out, then whether the caption is empty; without it nothing is shuffled or left out, as in validation.
    """
    trigger = [] if sample.regularization else split_tags(recipe.trigger)
    kept, others = _parts(sample.caption, recipe, trigger)
    if chance is None:
        return ", ".join([*trigger, *kept, *others])
    if recipe.shuffle:
        chance.shuffle(others)
    others = [tag for tag in others if chance.random() >= recipe.tag_dropout]
    if chance.random() < recipe.caption_dropout:
        return ""
    return ", ".join([*trigger, *kept, *others])


def _parts(caption: str, recipe: DataRecipe, trigger: list[str]) -> tuple[list[str], list[str]]:
    """Return the tags that are kept in place and the others, without excluded tags and those of the trigger."""
    out = {normalize(tag) for tag in (*recipe.exclude, *trigger)}
    head, separator, tail = caption.partition(SEPARATOR)
    first, rest = ([tag for tag in split_tags(part) if normalize(tag) not in out] for part in (head, tail))
    if separator:
        return first, rest
    return first[: recipe.keep_tokens], first[recipe.keep_tokens :]


def split_tags(text: str) -> list[str]:
    """Return the tags of a text, which commas separate; empty ones are none."""
    return [tag for part in text.replace(SEPARATOR, ",").split(",") if (tag := part.strip())]


def normalize(tag: str) -> str:
    """Return a tag as it is compared: without regard to case, underscores and spaces."""
    return " ".join(tag.replace("_", " ").casefold().split())
