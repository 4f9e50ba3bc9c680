"""The artist: every word is drawn, nothing jumps, the same character is the same picture."""

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest

from animegen.chibi.artist import draw
from animegen.chibi.artist.expression import face
from animegen.chibi.artist.pose import pose
from animegen.chibi.character import (
    ACCESSORIES,
    CLOSED_EYES,
    ON_HEAD,
    SCORED_STRENGTH,
    VOCABULARY,
    Character,
    characters,
)

EMOTIONS = VOCABULARY["emotion"]
STEPS = 51
LARGE = {
    "brow_slant": 3.0,
    "brow_raise": 2.0,
    "brow_uneven": 4.0,
    "lid": 0.15,
    "lid_slant": 1.5,
    "iris": 0.12,
    "mouth_width": 2.5,
    "mouth_open": 3.0,
    "mouth_curve": 2.0,
    "mouth_wave": 1.0,
    "gloom": 0.5,
    "fury": 0.5,
    "flush": 0.5,
    "sick": 0.5,
    "streams": 0.5,
    "arc": 0.3,
}
"""What is seen of a face even where small marks are lost, and by how much it must differ to tell two faces apart."""


def pixels(size: int = 128, **words: Any) -> np.ndarray:
    return np.asarray(draw(Character(**words), size), dtype=np.float32)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def test_the_same_character_gives_the_same_bytes() -> None:
    one = characters("train", 3, 1)[0]
    assert draw(one).tobytes() == draw(dataclasses.replace(one)).tobytes()


@pytest.mark.parametrize("size", [64, 128, 200, 256, 384, 512])
def test_the_picture_is_rgb_of_the_size_asked_for(size: int) -> None:
    picture = draw(Character(), size)
    assert (picture.mode, picture.size) == ("RGB", (size, size))


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_strength_zero_is_the_same_face_for_every_emotion(emotion: Any) -> None:
    assert np.array_equal(pixels(emotion=emotion), pixels(emotion="happy"))


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_growing_emotion_never_jumps(emotion: Any) -> None:
    frames = [pixels(emotion=emotion, strength=k / (STEPS - 1), hair_style="short") for k in range(STEPS)]
    steps = [difference(a, b) for a, b in itertools.pairwise(frames)]
    assert max(steps) < 3.5 * float(np.mean(steps))


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_a_clear_emotion_looks_unlike_all_others(emotion: Any) -> None:
    mine = pixels(emotion=emotion, strength=0.5)
    others = [pixels(emotion=other, strength=0.5) for other in EMOTIONS if other != emotion]
    assert min(difference(mine, other) for other in [*others, pixels()]) > 0.4


@pytest.mark.parametrize("name", VOCABULARY)
def test_every_word_changes_the_picture(name: str) -> None:
    strength = 1.0 if name == "emotion" else 0.0
    seen = {pixels(strength=strength, **{name: word}).tobytes() for word in VOCABULARY[name]}
    assert len(seen) == len(VOCABULARY[name])


@pytest.mark.parametrize("style", VOCABULARY["hair_style"])
@pytest.mark.parametrize("accessory", ACCESSORIES)
def test_every_accessory_is_seen_with_every_hair_style(accessory: Any, style: Any) -> None:
    bare = pixels(hair_style=style)
    assert difference(bare, pixels(hair_style=style, accessories=frozenset({accessory}))) > 0.5


@pytest.mark.parametrize("name", ["turn", "tilt"])
def test_the_head_turns_both_ways(name: str) -> None:
    assert difference(pixels(**{name: -1.0}), pixels(**{name: 1.0})) > 2


def test_the_seed_varies_the_drawing() -> None:
    assert len({pixels(seed=seed).tobytes() for seed in range(8)}) == 8


def test_the_seed_moves_shoulders_wind_and_eyes_and_not_what_has_a_name() -> None:
    poses = [pose(Character(seed=seed, turn=0.5, tilt=-0.5)) for seed in range(20)]
    assert {(each.turn, each.degrees) for each in poses} == {(poses[0].turn, poses[0].degrees)}
    assert all(len({getattr(each, name) for each in poses}) == 20 for name in ("lean", "sway", "slant"))


@pytest.mark.parametrize("seed", range(5))
def test_the_same_face_is_drawn_with_different_fringes(seed: int) -> None:
    assert difference(pixels(256, seed=seed), pixels(256, seed=seed + 5)) > 2


@pytest.mark.parametrize("emotion", CLOSED_EYES)
def test_eyes_are_shut_where_the_judge_expects_it_whatever_the_seed(emotion: str) -> None:
    assert max(face(emotion, CLOSED_EYES[emotion], seed).lid for seed in [None, *range(300)]) <= 0


@pytest.mark.parametrize("emotion", sorted(set(EMOTIONS) - set(CLOSED_EYES)))
def test_eyes_of_all_other_emotions_stay_open(emotion: str) -> None:
    assert min(face(emotion, 1.0, seed).lid for seed in range(300)) > 0.25


@pytest.mark.parametrize("emotion", CLOSED_EYES)
def test_shut_eyes_show_nothing_of_their_colour_or_gaze(emotion: Any) -> None:
    asleep = {"emotion": emotion, "strength": CLOSED_EYES[emotion], "seed": 3}
    assert np.array_equal(pixels(eye_colour="red", **asleep), pixels(eye_colour="blue", gaze="left", **asleep))


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_faces_of_one_emotion_vary_with_the_seed(emotion: str) -> None:
    assert len({face(emotion, 0.8, seed) for seed in range(20)}) == 20


@pytest.mark.parametrize("mark", [mark for mark in VOCABULARY["marks"] if mark != "none"])
def test_a_mark_is_seen_and_drawn_alike_whatever_the_face_feels(mark: Any) -> None:
    def drawn(**felt: Any) -> np.ndarray:
        return np.abs(pixels(256, marks=mark, **felt) - pixels(256, **felt)).max(axis=2) > 8

    one, other = drawn(), drawn(emotion="sad", strength=1.0)
    assert one.sum() > 400
    assert (one & other).sum() > 0.9 * (one | other).sum()


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_no_emotion_draws_anything_outside_the_head(emotion: Any) -> None:
    felt = {"emotion": emotion, "strength": 1.0, "hair_style": "short"}
    assert np.array_equal(pixels(256, **felt)[:, :48], pixels(256, hair_style="short")[:, :48])


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_every_emotion_moves_several_features_at_once(emotion: str) -> None:
    felt, calm = face(emotion, 1.0), face(emotion, 0.0)
    assert sum(getattr(felt, each.name) != getattr(calm, each.name) for each in dataclasses.fields(felt)) >= 6


def test_a_clear_emotion_differs_from_all_others_and_from_neutral_in_two_large_features() -> None:
    faces = [face("happy", 0.0), *(face(emotion, SCORED_STRENGTH) for emotion in EMOTIONS)]
    for one, other in itertools.combinations(faces, 2):
        assert sum(abs(getattr(one, name) - getattr(other, name)) >= least for name, least in LARGE.items()) >= 2


@pytest.mark.parametrize("accessory", sorted(ON_HEAD))
@pytest.mark.parametrize("tilt", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("style", ["short", "spiky", "buns"])
def test_head_and_what_it_wears_stay_below_the_upper_edge(accessory: Any, tilt: float, style: Any) -> None:
    worn = pixels(accessories=frozenset({accessory}), hair_colour="pink", hair_style=style, tilt=tilt)
    bare = pixels(hair_colour="green", hair_style=style, tilt=tilt)
    assert np.array_equal(worn[0], bare[0])


@pytest.mark.parametrize("colour", VOCABULARY["eye_colour"])
def test_the_irises_are_large(colour: Any) -> None:
    other = "blue" if colour != "blue" else "brown"
    changed = np.abs(pixels(256, eye_colour=colour) - pixels(256, eye_colour=other)).max(axis=2) > 20
    left_eye = changed[:, :128].any(axis=0)
    assert left_eye.sum() >= 20


def test_hundreds_of_random_characters_are_drawn() -> None:
    pictures = {draw(character, 64).tobytes() for character in characters("train", 1, 300)}
    assert len(pictures) == 300
