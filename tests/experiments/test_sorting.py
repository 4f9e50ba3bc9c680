"""Renders of the artist sorted by the judge."""

from pathlib import Path

import pytest

from animegen.chibi.artist import draw
from animegen.chibi.character import Character
from animegen.datasets.meanings import tables
from animegen.datasets.sorting import propose
from animegen.experiments.sorting import by_judge


@pytest.mark.parametrize(
    ("by", "emotion", "strength", "folder"),
    [
        ("emotion", "happy", 1.0, "happy_anime"),
        ("emotion", "sad", 0.0, "neutral_anime"),
        ("style", "calm", 1.0, "kimono"),
    ],
)
def test_the_judge_sorts_a_render_by_what_it_shows(
    tmp_path: Path, by: str, emotion: str, strength: float, folder: str
) -> None:
    character = Character(
        person="girl", emotion=emotion, strength=strength, outfit="kimono", hair_colour="pink", hair_style="long",
        eye_colour="blue", skin="light", background="white", gaze="viewer", seed=3,
    )  # fmt: skip
    draw(character, 128).save(tmp_path / "a.png")
    (found,) = propose(tmp_path, by_judge(), tables(by))
    assert (found.folder, str(found.reason).partition(":")[0]) == (folder, "judge")
    assert found.confidence > 0.5
