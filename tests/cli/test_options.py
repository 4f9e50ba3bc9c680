"""The table of option texts and the tasks' fields hold together."""

from dataclasses import fields

from animegen.cli.options import words
from animegen.tasks import TASKS


def test_every_field_of_every_task_has_its_help_and_no_help_is_left_over() -> None:
    assert set(words()) == {field.name for task in TASKS for field in fields(task)}


def test_help_says_what_a_default_stands_for(say) -> None:
    said = say("text-to-image", "--help").out
    assert "the preset's" in said
    assert "--emotion-strength" in said
