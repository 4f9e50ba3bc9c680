"""Invented characters: what of them is fixed, what captions keep quiet about, and how one is recognised."""

import random
from dataclasses import replace

import pytest

from animegen.chibi.captions import known_words, pieces
from animegen.chibi.character import labels, split
from animegen.chibi.invented import Invented, invented
from animegen.chibi.wordings import table

EVERY = pytest.mark.parametrize("character", invented().values(), ids=lambda each: each.name)


@EVERY
def test_its_trigger_is_a_word_of_no_caption(character: Invented) -> None:
    words = {word for kind in ("ignored", "ordinary", "general") for text in table()[kind] for word in text.split()}
    assert pieces(character.trigger).isdisjoint(known_words() | words)


@EVERY
def test_its_appearances_have_its_traits_and_lie_in_their_part_of_the_data(character: Invented) -> None:
    people = character.people("validation", 1, 20)
    assert {split(person) for person in people} == {"validation"}
    for name, word in character.traits.items():
        assert {getattr(person, name) for person in people} == {word}
    assert {person.accessories for person in people} == {character.accessories}
    assert len({person.emotion for person in people}) > 3
    assert people == character.people("validation", 1, 20) != character.people("validation", 2, 20)


@EVERY
def test_its_captions_name_no_trait_but_the_person(character: Invented) -> None:
    rng, words = random.Random(0), table()
    traits = {tag for name in ("hair_style", "skin") for tag in words[name][character.traits[name]]["tags"]}
    traits |= {f"{colour} eyes" for colour in words["eye_colour"][character.traits["eye_colour"]]}
    for person in character.people("train", 0, 30):
        first, *others = character.caption(person, rng).split(", ")
        assert first in words["person"][character.traits["person"]]["tags"]
        assert traits.isdisjoint(others)
        assert not any("hair" in tag or name in tag for tag in others for name in character.accessories)


@EVERY
def test_it_is_recognised_by_all_that_can_be_seen_of_it(character: Invented) -> None:
    (person,) = character.people("test", 3, 1)
    person = replace(person, emotion="happy", strength=1.0)
    reading = {name: word or "hidden" for name, word in labels(person).items()}
    assert character.recognized_in(reading, person)
    other = {"hair_colour": "green", "hair_style": "curly", "eye_colour": "pink", "glasses": "yes"}
    for name, word in other.items():
        assert not character.recognized_in(reading | {name: word}, person)


@EVERY
def test_closed_eyes_leave_their_colour_open(character: Invented) -> None:
    (person,) = character.people("test", 3, 1)
    asleep = replace(person, emotion="sleepy", strength=1.0)
    reading = {name: word or "hidden" for name, word in labels(asleep).items()}
    assert character.recognized_in(reading | {"eye_colour": "brown"}, asleep)
