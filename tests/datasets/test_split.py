"""The validation split: a share of the pictures, by their paths alone."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.datasets.layouts import read
from animegen.datasets.split import split
from tests.datasets.folders import recipe, sample, write_kohya

ROOT = Path("data")


def samples(count: int):
    return [sample(f"{number}.png") for number in range(count)]


@given(st.integers(0, 60), st.floats(0, 0.5))
def test_every_picture_is_trained_on_or_kept_for_validation(count, share):
    training, validation = split(samples(count), ROOT, share)
    assert sorted([*training, *validation], key=lambda each: int(each.path.stem)) == samples(count)


@given(st.integers(2, 60), st.floats(0, 0.5, exclude_min=True))
def test_at_least_one_is_kept_for_either(count, share):
    training, validation = split(samples(count), ROOT, share)
    assert training
    assert validation
    assert abs(len(validation) - share * count) <= 1


@pytest.mark.parametrize(("count", "share"), [(1, 0.5), (0, 0.5), (9, 0.0)])
def test_without_a_share_or_a_second_picture_all_are_trained_on(count, share):
    assert split(samples(count), ROOT, share) == (tuple(samples(count)), ())


def test_the_same_pictures_are_kept_on_every_machine():
    _, validation = split(samples(20), ROOT, 0.2)
    assert [each.path.stem for each in validation] == ["0", "6", "8", "18"]


def test_the_place_of_the_folder_does_not_change_the_split(tmp_path):
    kept = [
        [each.path.relative_to(root) for each in read(recipe(write_kohya(root), validation=0.4)).validation]
        for root in (tmp_path / "here", tmp_path / "there" / "deeper")
    ]
    assert kept[0] == kept[1]
    assert len(kept[0]) == 2


def test_regularisation_pictures_are_never_kept_for_validation(tmp_path):
    extra = write_kohya(tmp_path / "regularization", regularization=True)
    found = read(recipe(write_kohya(tmp_path / "data"), regularization=extra, validation=0.5))
    assert len(found.regularization) == 3
    assert not any(each.regularization for each in found.validation)
