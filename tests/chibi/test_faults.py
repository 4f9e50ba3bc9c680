"""Made faults: where they are, that they can be seen, and that the other half of a face stays as it was."""

import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from animegen.chibi.artist import draw
from animegen.chibi.broken import KINDS, SIDE, window
from animegen.chibi.build import faults
from animegen.chibi.build.faults import DONORS, Faces, donor, places, spoil, visible
from animegen.chibi.character import VOCABULARY, Character, characters, labels
from animegen.chibi.judge import tensor

GIRL = Character(
    emotion="happy",
    strength=0.8,
    eye_colour="blue",
    accessories=frozenset({"glasses"}),
    turn=0.7,
    marks="twinkle",
)


def faces(donor: Character, person: Character = GIRL) -> Faces:
    windows = [window(tensor([draw(each)])) for each in (person, donor)]
    return Faces(*windows, torch.tensor([places(person)]))


def changed(kind: str) -> Character:
    """Return GIRL with what a fault takes from a donor."""
    return {
        "eye_colour": replace(GIRL, eye_colour="red"),
        "lid": replace(GIRL, emotion="sleepy", strength=1.0),
        "glasses": replace(GIRL, accessories=frozenset()),
    }.get(kind, replace(GIRL, strength=0.0, marks="none"))


def spoilt(kind: str, seed: int = 0) -> tuple[Faces, torch.Tensor]:
    some = faces(changed(kind))
    return some, spoil(some, kind, torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_can_be_seen_and_leaves_most_of_the_picture_alone(kind: str) -> None:
    some, after = spoilt(kind)
    assert visible(some.windows, after).item()
    assert ((after - some.windows).abs().amax(dim=1) > 0.02).float().mean() < 0.4


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_chance_makes_the_same_fault(kind: str) -> None:
    assert torch.equal(spoilt(kind)[1], spoilt(kind)[1])


def test_an_untouched_picture_shows_no_fault() -> None:
    some = faces(GIRL)
    assert not visible(some.windows, some.windows).item()


@pytest.mark.parametrize("seed", range(4))
def test_eyes_lie_where_their_colour_changes_a_render(seed: int) -> None:
    person = replace(characters("train", 700 + seed, 1)[0], emotion="happy", strength=0.5, eye_colour="blue")
    some = faces(replace(person, eye_colour="red"), person)
    rows, columns = np.nonzero((some.windows - some.donors).abs().amax(dim=(0, 1)).numpy() > 0.2)
    left, right, _ = (np.array(place) * SIDE for place in places(person))
    middle = (left[0] + right[0]) / 2
    for eye, part in ((left, columns < middle), (right, columns >= middle)):
        assert np.hypot(columns[part].mean() - eye[0], rows[part].mean() - eye[1]) < 9


@pytest.mark.parametrize("seed", range(4))
def test_the_mouth_lies_where_another_emotion_changes_the_lower_face(seed: int) -> None:
    person = replace(characters("train", 710 + seed, 1)[0], strength=0.0, accessories=frozenset())
    some = faces(replace(person, emotion="surprised", strength=1.0), person)
    change = (some.windows - some.donors).abs().amax(dim=(0, 1)).numpy() > 0.2
    mouth = np.array(places(person)[2]) * SIDE
    rows, columns = np.nonzero(change[round(mouth[1]) - 10 :])
    assert np.hypot(columns.mean() - mouth[0], rows.mean() - 10) < 12


def test_every_donor_differs_in_what_its_fault_needs() -> None:
    rng = random.Random(1)
    found = [(person, *donor(person, rng)) for person in characters("train", 20, 200)]
    assert {kind for _, kind, _ in found} == set(DONORS)
    for person, kind, other in found:
        shut = [labels(each)["eye_colour"] is None for each in (person, other)]
        assert (kind == "lids") == (shut[0] != shut[1]) or kind == "plain"
        assert (kind == "iris") == (person.eye_colour != other.eye_colour)
        assert (kind == "glasses") == (person.accessories != other.accessories)
        assert (other.seed, other.turn, other.hair_style) == (person.seed, person.turn, person.hair_style)


def test_a_donors_eyes_are_of_every_colour() -> None:
    rng = random.Random(2)
    found = {donor(person, rng)[1].eye_colour for person in characters("train", 21, 200)}
    assert found == set(VOCABULARY["eye_colour"])


def test_lids_come_from_a_picture_of_the_same_size_in_both_directions() -> None:
    asleep = replace(GIRL, emotion="sleepy", strength=1.0)
    some = faces(replace(asleep, strength=0.0), asleep)
    after = spoil(some, "lid", torch.Generator().manual_seed(3))
    left, right = ((after - some.windows).abs()[..., half].amax() for half in (slice(None, 80), slice(112, None)))
    assert min(left, right) < 0.3 < max(left, right)


def test_places_are_inside_the_window() -> None:
    for person in characters("train", 22, 100):
        assert all(0 < part < 1 for place in places(person) for part in place)


def test_turbulence_grows_with_its_size() -> None:
    chance = faults._Chance(torch.Generator().manual_seed(0), torch.zeros(2, 3, 32, 32))
    assert chance.turbulence(4, 1.0).abs().mean() < chance.turbulence(4, 4.0).abs().mean()
