"""Checks of captions and amounts against the recipe: trigger, kept tags, shuffling, length, regularisation."""

import re
from collections.abc import Iterator
from typing import Final

from animegen.datasets.buckets import bucket
from animegen.datasets.captions import compose, split_tags
from animegen.datasets.lint.finding import Case, Finding, finding
from animegen.datasets.lint.tags import is_general, plain, tags_of

TOKENS: Final = 75
"""What CLIP reads of a caption."""
FEW: Final = 10
"""Fewer pictures are learned by heart."""


def find_leaks(case: Case) -> Iterator[Finding]:
    """Yield the regularisation pictures whose caption has the trigger, which they would teach to mean the class."""
    if not (trigger := plain(case.recipe.trigger)):
        return
    word = re.compile(rf"(?<!\w){re.escape(trigger)}(?!\w)")
    if leaking := tuple(s.path for s in case.dataset.regularization if word.search(plain(s.caption))):
        yield finding("error", "leak", leaking, trigger=case.recipe.trigger, count=len(leaking))


def find_missing_trigger(case: Case) -> Iterator[Finding]:
    """Yield that no word stands in front of every caption to call what was learned."""
    recipe = case.recipe
    written = [sample for sample in case.learned if sample.captioned and sample.caption]
    if recipe.trigger or recipe.keep_tokens or not written:
        return
    first = {plain(split_tags(sample.caption)[0]) for sample in written}
    if len(first) > 1 or is_general(min(first)):
        yield finding("warning", "no_trigger", name=_name(case))
    elif recipe.shuffle or recipe.tag_dropout:
        yield finding("warning", "trigger_unkept", trigger=first.pop())


def find_ordinary_trigger(case: Case) -> Iterator[Finding]:
    """Yield a trigger that the base draws something for already."""
    words = plain(case.recipe.trigger.replace(",", " ")).split()
    if words and case.knows and all(map(case.knows, words)):
        yield finding("warning", "ordinary", trigger=case.recipe.trigger, name=f"{''.join(words)}x1")


def find_long(case: Case) -> Iterator[Finding]:
    """Yield the captions of which the text encoder does not read the end."""
    if case.count is None:
        return
    counts = {sample.path: case.count(compose(sample, case.recipe, None)) for sample in case.samples}
    if long := {path: count for path, count in counts.items() if count > TOKENS}:
        yield finding("warning", "long", tuple(long), count=len(long), most=max(long.values()), limit=TOKENS)


def find_idle_settings(case: Case) -> Iterator[Finding]:
    """Yield what the recipe asks for and these captions leave without effect."""
    recipe = case.recipe
    changes = recipe.shuffle or recipe.tag_dropout > 0
    most = max((len(tags_of(sample)) for sample in case.learned), default=0)
    if recipe.keep_tokens and not changes:
        yield finding("warning", "keep_idle", keep=recipe.keep_tokens)
    elif changes and most <= 1:
        yield finding("warning", "single_tags")
    elif recipe.shuffle and most <= recipe.keep_tokens + 1:
        yield finding("warning", "keep_all", keep=recipe.keep_tokens, most=most)


def find_few(case: Case) -> Iterator[Finding]:
    """Yield that there are hardly any pictures."""
    if 0 < len(case.learned) < FEW:
        yield finding("warning", "few", count=len(case.learned), enough=FEW)


def find_small_regularization(case: Case) -> Iterator[Finding]:
    """Yield that regularisation pictures are repeated more often than those that they balance."""
    uses = sum(sample.repeats for sample in case.dataset.training)
    count, enough = len(case.dataset.regularization), len(case.dataset.training)
    if 0 < count < enough:
        yield finding("warning", "few_regularization", count=count, times=-(-uses // count), enough=enough)


def find_other_sizes(case: Case) -> Iterator[Finding]:
    """Yield the regularisation pictures at sizes that no picture is trained at."""
    recipe = case.recipe.model_copy(update={"upscale": True})
    sizes = {bucket(sample, recipe) for sample in case.dataset.training}
    other = [sample for sample in case.dataset.regularization if bucket(sample, recipe) not in sizes]
    if other and sizes:
        named = tuple(sorted({"x".join(map(str, bucket(sample, recipe))) for sample in other}))
        own = tuple(sorted("x".join(map(str, size)) for size in sizes))
        yield finding("warning", "other_sizes", tuple(s.path for s in other), count=len(other), sizes=named, own=own)


def _name(case: Case) -> str:
    """Return a word for the example in a fix: the words of a folder, or a made-up one."""
    words = (sample.folder_words for sample in case.learned)
    return next((word for word in words if word), "ohwx")
