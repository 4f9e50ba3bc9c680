"""The plan of an epoch: nothing lost, nothing doubled, and the same again for the same arguments."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.datasets.buckets import bucket
from animegen.datasets.dataset import Dataset
from animegen.datasets.layouts import read
from animegen.datasets.plan import epoch, steps
from animegen.errors import DatasetRefused
from tests.datasets.folders import dataset, recipe, sample, write_kohya

SIZES = st.sampled_from([(64, 64), (64, 100), (100, 64), (30, 200)])
SAMPLES = st.lists(st.tuples(st.integers(1, 5), SIZES), max_size=8)


def made(rows, prefix: str, regularization: bool = False):
    return [
        sample(f"{prefix}{number}.png", repeats=repeats, size=size, regularization=regularization)
        for number, (repeats, size) in enumerate(rows)
    ]


DATASETS = st.builds(
    lambda training, extra: dataset(made(training, "t"), made(extra, "r", regularization=True)), SAMPLES, SAMPLES
)
RECIPES = st.builds(recipe, flip=st.booleans(), buckets=st.booleans(), shuffle=st.booleans())


def planned_uses(data: Dataset, planned, epochs: int = 1, batch: int = 3):
    return [
        use
        for number in range(epochs)
        for part in epoch(data, planned, seed=0, epoch=number, batch=batch)
        for use in part
    ]


def counted(uses) -> Counter[str]:
    return Counter(use.sample.path.name for use in uses)


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Eleven uses of five training pictures an epoch, and three regularisation pictures."""
    extra = write_kohya(tmp_path / "regularization", regularization=True)
    return read(recipe(write_kohya(tmp_path / "data"), regularization=extra))


def test_an_epoch_uses_each_picture_as_often_as_it_repeats_and_as_many_regularisation_pictures(data):
    uses = Counter((use.sample.path.parent.name, use.sample.path.name) for use in planned_uses(data, recipe()))
    assert uses == {
        **{("3_miko girl", name): 3 for name in ("a.png", "b.png", "c.png")},
        **{("1_boy", name): 1 for name in ("a.png", "b.jpg")},
        ("1_girl", "x.png"): 3,
        ("1_girl", "y.png"): 3,
        ("2_boy", "z.png"): 5,
    }


def test_regularisation_pictures_take_turns_over_the_epochs(data):
    twelve = Counter(
        use.sample.path.name for use in planned_uses(data, recipe(), epochs=4) if use.sample.regularization
    )
    assert twelve == {"x.png": 11, "y.png": 11, "z.png": 22}


def test_of_many_regularisation_pictures_the_surplus_waits_for_the_next_epoch():
    data = dataset([sample("t.png", repeats=2)], made([(1, (64, 64))] * 5, "r", regularization=True))
    used = [
        sorted(use.sample.path.name for part in epoch(data, recipe(), seed=0, epoch=number, batch=2) for use in part)
        for number in range(3)
    ]
    assert used == [
        ["r0.png", "r1.png", "t.png", "t.png"],
        ["r2.png", "r3.png", "t.png", "t.png"],
        ["r0.png", "r4.png", "t.png", "t.png"],
    ]


def test_half_of_the_uses_are_mirrored_over_two_epochs(data):
    uses = planned_uses(data, recipe(flip=True), epochs=2)
    training = Counter((use.sample.path, use.flipped) for use in uses if not use.sample.regularization)
    assert training == {(each.path, flipped): each.repeats for each in data.training for flipped in (True, False)}


def test_one_epoch_mirrors_some_pictures_and_others_not():
    uses = planned_uses(dataset(made([(1, (64, 64))] * 6, "t")), recipe(flip=True))
    assert Counter(use.flipped for use in uses) == {True: 3, False: 3}


def test_no_picture_is_mirrored_unless_the_recipe_says_so(data):
    assert not any(use.flipped for use in planned_uses(data, recipe()))


def test_the_caption_of_a_use_depends_on_seed_epoch_and_number_alone():
    data, drawn = dataset([sample("t.png", repeats=40)]), recipe(shuffle=True, tag_dropout=0.3)
    captions = [
        [use.caption for part in epoch(data, drawn, seed=seed, epoch=number, batch=batch) for use in part]
        for seed, number, batch in ((0, 0, 4), (0, 0, 5), (1, 0, 4), (0, 1, 4))
    ]
    assert captions[0] == captions[1]
    assert captions[0] != captions[2]
    assert captions[0] != captions[3]
    assert len(set(captions[0])) > 5


def test_the_trigger_is_in_the_captions_of_training_pictures_alone(data):
    uses = planned_uses(data, recipe(trigger="mko"))
    assert all(use.caption.startswith("mko") != use.sample.regularization for use in uses)


@pytest.mark.parametrize("changed", [{"seed": 1}, {"epoch": 1}])
def test_another_seed_or_epoch_gives_another_order(data, changed):
    orders = [
        [use.sample.path for part in epoch(data, recipe(), **{"seed": 0, "epoch": 0, **each}, batch=4) for use in part]
        for each in ({}, changed)
    ]
    assert orders[0] != orders[1]


def test_an_order_is_the_same_on_every_machine():
    data = dataset(made([(1, (64, 64))] * 8, "t"))
    order = [use.sample.path.stem for use in planned_uses(data, recipe(), batch=8)]
    assert " ".join(order) == "t4 t5 t0 t7 t2 t3 t1 t6"


def test_buckets_are_mixed_over_an_epoch():
    data = dataset(made([(20, (64, 64)), (20, (64, 128))], "t"))
    sizes = [part[0].size for part in epoch(data, recipe(), seed=0, epoch=0, batch=2)]
    assert sizes not in (sorted(sizes), sorted(sizes, reverse=True))


def test_a_picture_that_may_not_be_enlarged_stops_the_plan():
    with pytest.raises(DatasetRefused, match=r"small\.png"):
        epoch(dataset([sample("small.png", size=(20, 20))]), recipe(upscale=False), seed=0, epoch=0, batch=1)


def test_steps_count_a_smaller_batch_in_each_bucket():
    data = dataset(made([(5, (64, 64)), (3, (64, 128))], "t"))
    assert steps(data, recipe(), batch=4) == 3
    assert steps(data, recipe(buckets=False), batch=4) == 2
    assert steps(data, recipe(), batch=4, epochs=5) == 15


def test_steps_of_one_bucket_are_those_of_kohya(data):
    """ceil(sum(images x repeats) x 2 / batch), as there are regularisation pictures."""
    assert steps(data, recipe(buckets=False), batch=4) == 6


@given(DATASETS, RECIPES, st.integers(), st.integers(0, 50), st.integers(1, 9))
def test_every_training_sample_is_used_as_often_as_it_repeats(data, planned, seed, number, batch):
    uses = [use for part in epoch(data, planned, seed=seed, epoch=number, batch=batch) for use in part]
    training = [use for use in uses if not use.sample.regularization]
    assert counted(training) == {each.path.name: each.repeats for each in data.training}
    assert len(uses) == len(training) * (2 if data.regularization else 1)


@given(DATASETS, RECIPES, st.integers(0, 50), st.integers(1, 9))
def test_the_same_call_gives_the_same_plan(data, planned, number, batch):
    assert epoch(data, planned, seed=3, epoch=number, batch=batch) == epoch(
        data, planned, seed=3, epoch=number, batch=batch
    )


@given(DATASETS, RECIPES, st.integers(0, 50), st.integers(1, 9))
def test_a_batch_is_of_one_bucket_and_only_the_last_of_a_bucket_is_smaller(data, planned, number, batch):
    parts = epoch(data, planned, seed=3, epoch=number, batch=batch)
    assert all({use.size for use in part} == {bucket(use.sample, planned) for use in part} for part in parts)
    assert all(len({use.size for use in part}) == 1 for part in parts)
    smaller = Counter(part[0].size for part in parts if len(part) < batch)
    assert all(count == 1 for count in smaller.values())


@given(DATASETS, RECIPES, st.integers(1, 4), st.integers(1, 9))
def test_steps_are_the_batches_of_the_epochs(data, planned, epochs, batch):
    parts = sum(len(epoch(data, planned, seed=3, epoch=number, batch=batch)) for number in range(epochs))
    assert steps(data, planned, batch, epochs) == parts


@given(DATASETS, RECIPES, st.integers(0, 50))
def test_uses_are_numbered_in_their_order(data, planned, number):
    parts = epoch(data, planned, seed=3, epoch=number, batch=4)
    numbers = [use.number for part in parts for use in part]
    assert numbers == list(range(len(numbers)))


@given(DATASETS, st.integers(1, 6))
def test_every_second_use_of_a_picture_is_mirrored(data, epochs):
    uses = planned_uses(data, recipe(flip=True), epochs)
    mirrored = counted(use for use in uses if use.flipped)
    for name, count in counted(uses).items():
        assert abs(2 * mirrored[name] - count) <= 1


@given(DATASETS, st.integers(1, 6))
def test_regularisation_samples_are_used_equally_by_their_repeats(data, epochs):
    uses = counted(use for use in planned_uses(data, recipe(), epochs) if use.sample.regularization)
    rounds = [uses[each.path.name] / each.repeats for each in data.regularization]
    assert not rounds or max(rounds) - min(rounds) <= 1
