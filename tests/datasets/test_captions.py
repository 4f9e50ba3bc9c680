"""The caption of a use: trigger, kept tags, exclusion, order and what is left out."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.datasets.captions import compose, normalize, split_tags
from tests.datasets.folders import recipe, sample

TAGS = ["1girl", "solo", "blue hair", "smile", "hat", "open mouth"]
CAPTION = ", ".join(TAGS)
CHANCE = st.none() | st.integers().map(Random)
LISTS = st.lists(st.sampled_from([*TAGS, "Blue_Hair", "青い髪", "|||", " ", "||| hat"]), max_size=8)
RECIPES = st.builds(
    recipe,
    trigger=st.sampled_from(["", "mko", "mko girl, hat"]),
    exclude=st.lists(st.sampled_from(["solo", "BLUE_hair", "hat"])).map(tuple),
    keep_tokens=st.integers(0, 4),
    shuffle=st.booleans(),
    tag_dropout=st.sampled_from([0.0, 0.5]),
    caption_dropout=st.sampled_from([0.0, 0.5]),
)


def composed(caption: str, seed: int | None = None, regularization: bool = False, **values) -> str:
    chance = None if seed is None else Random(seed)
    return compose(sample(caption=caption, regularization=regularization), recipe(**values), chance)


def test_the_trigger_stands_in_front():
    assert composed(CAPTION, trigger="mko") == f"mko, {CAPTION}"


def test_a_trigger_that_the_caption_has_already_is_not_doubled():
    assert composed("1girl, MKO, hat", trigger="mko") == "mko, 1girl, hat"


def test_a_regularisation_picture_gets_no_trigger():
    assert composed(CAPTION, trigger="mko", regularization=True) == CAPTION


def test_an_excluded_trigger_stays():
    assert composed("mko, hat", trigger="mko", exclude=("mko",)) == "mko, hat"


@pytest.mark.parametrize("spelled", ["blue hair", "Blue_Hair", "BLUE  HAIR", "blue_hair "])
def test_excluded_tags_are_compared_without_case_and_underscores(spelled):
    assert composed(f"1girl, {spelled}, smile", exclude=("Blue hair",)) == "1girl, smile"


def test_a_part_of_a_tag_is_not_excluded():
    assert composed("1girl, pale blue hair", exclude=("blue hair",)) == "1girl, pale blue hair"


def test_kept_tags_are_counted_after_the_excluded_ones_are_gone():
    caption = composed(CAPTION, seed=1, exclude=("1girl", "solo"), keep_tokens=1, shuffle=True)
    assert caption.startswith("blue hair, ")


def test_a_separator_is_removed_and_keeps_what_stands_before_it_in_place():
    for seed in range(20):
        caption = composed("1girl, solo ||| blue hair, smile, hat", seed, shuffle=True, tag_dropout=0.9)
        assert caption.startswith("1girl, solo")
        assert "|" not in caption


def test_a_separator_overrules_keep_tokens():
    captions = {composed("1girl ||| solo, hat, smile", seed, keep_tokens=3, shuffle=True) for seed in range(40)}
    assert len(captions) == 6


def test_other_tags_come_in_every_order():
    captions = Counter(composed("1girl, a, b, c", seed, keep_tokens=1, shuffle=True) for seed in range(600))
    assert len(captions) == 6
    assert min(captions.values()) > 60


def test_each_other_tag_is_left_out_with_its_probability():
    left = Counter(tag for seed in range(2000) for tag in split_tags(composed(CAPTION, seed, tag_dropout=0.25)))
    assert all(abs(count / 2000 - 0.75) < 0.04 for count in left.values())


def test_a_caption_is_empty_with_its_probability_and_then_lacks_the_trigger_too():
    empty = sum(composed(CAPTION, seed, trigger="mko", caption_dropout=0.1) == "" for seed in range(2000))
    assert abs(empty / 2000 - 0.1) < 0.02


def test_the_order_is_drawn_before_the_tags_left_out():
    """As in kohya-ss/sd-scripts: with the same chance, what is left out of a shuffled caption is left out by place."""
    shuffled = split_tags(composed(CAPTION, seed=5, shuffle=True))
    thinned = split_tags(composed(CAPTION, seed=5, shuffle=True, tag_dropout=0.5))
    assert thinned == [tag for tag in shuffled if tag in thinned]


def test_without_chance_nothing_is_shuffled_or_left_out():
    assert composed(CAPTION, shuffle=True, tag_dropout=0.9, caption_dropout=0.9, trigger="mko") == f"mko, {CAPTION}"


@given(LISTS, RECIPES, st.integers())
def test_the_same_chance_gives_the_same_caption(tags, planned, seed):
    of = sample(caption=", ".join(tags))
    assert compose(of, planned, Random(seed)) == compose(of, planned, Random(seed))


@given(LISTS, RECIPES, CHANCE)
def test_no_caption_has_a_separator_an_empty_tag_or_an_excluded_one(tags, planned, chance):
    caption = compose(sample(caption=", ".join(tags)), planned, chance)
    trigger = split_tags(planned.trigger)
    own = caption.split(", ")[len(trigger) :] if caption else []
    assert "|||" not in caption
    assert all(tag and tag == tag.strip() for tag in own)
    assert not {normalize(tag) for tag in own} & {normalize(tag) for tag in (*planned.exclude, *trigger)}


@given(LISTS, RECIPES, st.integers())
def test_a_drawn_caption_is_a_part_of_the_fixed_one(tags, planned, seed):
    of = sample(caption=", ".join(tags))
    drawn, fixed = (Counter(split_tags(compose(of, planned, chance))) for chance in (Random(seed), None))
    assert drawn <= fixed
    if not (planned.tag_dropout or planned.caption_dropout):
        assert drawn == fixed


@given(LISTS, RECIPES, st.integers())
def test_kept_tags_stand_in_place_in_every_caption_that_is_not_empty(tags, planned, seed):
    of = sample(caption=", ".join(tags))
    if drawn := compose(of, planned, Random(seed)):
        kept = len(split_tags(planned.trigger))
        kept += 0 if "|||" in of.caption else planned.keep_tokens
        assert split_tags(drawn)[:kept] == split_tags(compose(of, planned, None))[:kept]
