"""Several drawings at once: one step at a time, and nobody waits for a drawing that nobody continues."""

import pytest

from animegen.models.loading import Parts
from animegen.studio import Studio
from animegen.tasks import Preview, TextToImage
from tests import tiny

REQUEST = TextToImage(prompt="1girl", steps=3, seed=5)


@pytest.fixture
def studio(parts: Parts) -> Studio:
    return Studio(tiny.ROW, lambda _: parts)


def test_an_abandoned_drawing_keeps_nobody_waiting(studio: Studio) -> None:
    abandoned = studio.run(REQUEST)
    assert isinstance(next(abandoned), Preview)
    assert len(studio.pictures(REQUEST)) == 1


def test_drawings_that_take_turns_draw_what_they_draw_alone(studio: Studio) -> None:
    other = TextToImage(prompt="1girl, blue hair", steps=3, seed=6)
    alone = [studio.pictures(request)[0].image.tobytes() for request in (REQUEST, other)]
    one, two = studio.run(REQUEST), studio.run(other)
    *_, first, second = [event for pair in zip(one, two, strict=True) for event in pair]
    assert [first.image.tobytes(), second.image.tobytes()] == alone
