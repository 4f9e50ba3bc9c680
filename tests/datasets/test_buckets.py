"""The sizes that pictures are trained at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.datasets.buckets import bucket, bucket_sizes, with_resolution
from animegen.errors import DatasetRefused
from tests.datasets.folders import recipe, sample

RECIPES = st.builds(
    recipe,
    resolution=st.integers(8, 128).map(lambda eighth: 8 * eighth),
    bucket_step=st.sampled_from([8, 16, 64]),
    max_aspect=st.floats(1, 4),
)
SIDES = st.integers(1, 5000)


def test_the_buckets_of_stable_diffusion_are_the_known_ones():
    planned = recipe(resolution=512, bucket_step=64)
    assert bucket_sizes(planned) == ((384, 640), (448, 576), (512, 512), (576, 448), (640, 384))


@given(RECIPES)
def test_buckets_have_at_most_the_area_and_the_aspect_and_whole_steps(planned):
    for width, height in bucket_sizes(planned):
        assert width * height <= planned.resolution**2
        assert max(width, height) <= planned.max_aspect * min(width, height)
        assert width % planned.bucket_step == height % planned.bucket_step == 0


@given(RECIPES)
def test_every_bucket_lies_on_its_side_too(planned):
    sizes = bucket_sizes(planned)
    assert {(height, width) for width, height in sizes} == set(sizes)


@given(RECIPES, SIDES, SIDES)
def test_a_picture_goes_to_the_nearest_aspect(planned, width, height):
    def cut(size):
        """Return which share of the picture stands out of a bucket that it covers."""
        scale = max(size[0] / width, size[1] / height)
        return 1 - size[0] * size[1] / (width * height * scale * scale)

    chosen = bucket(sample(size=(width, height)), planned)
    assert cut(chosen) <= min(map(cut, bucket_sizes(planned))) + 1e-9


def test_without_buckets_there_is_one_square():
    planned = recipe(resolution=72, bucket_step=64, buckets=False)
    assert [bucket(sample(size=size), planned) for size in ((500, 100), (100, 500))] == [(72, 72)] * 2


@pytest.mark.parametrize("size", [(40, 64), (64, 40), (63, 63)])
def test_a_picture_that_is_too_small_is_refused_by_name_where_none_may_be_enlarged(size):
    with pytest.raises(DatasetRefused, match=rf"small\.png: With {size[0]}x{size[1]} pixels .* bucket of 64x64"):
        bucket(sample("small.png", size=size), recipe(buckets=False, upscale=False))


def test_a_picture_of_its_buckets_own_size_is_large_enough():
    assert bucket(sample(size=(64, 64)), recipe(upscale=False)) == (64, 64)


def test_a_small_picture_is_enlarged_where_that_is_allowed():
    assert bucket(sample(size=(20, 20)), recipe()) == (64, 64)


def test_a_step_longer_than_the_resolution_is_refused():
    with pytest.raises(DatasetRefused, match="bucket step of 128 pixels is longer than the resolution of 64"):
        bucket_sizes(recipe(bucket_step=128))


def test_an_unset_resolution_is_the_models():
    assert with_resolution(recipe(resolution=None), 512).resolution == 512
    assert with_resolution(recipe(resolution=96), 512).resolution == 96
