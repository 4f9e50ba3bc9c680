"""Every field of every task is an option or an argument, and its help says what it does."""

import pytest

from animegen.messages import LANGUAGES, table
from animegen.tasks import TASKS, fields

NAMES = sorted({field.name for task in TASKS for field in fields(task)})


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_its_label_and_its_help(name: str) -> None:
    assert {*table()[f"fields.{name}"]} == {*table()[f"fields.{name}_help"]} == {*LANGUAGES}


def test_no_label_or_help_is_left_over() -> None:
    known = {f"fields.{name}{end}" for name in NAMES for end in ("", "_help")}
    left = {key for key in table() if key.startswith("fields.")} - known
    assert {key for key in left if not key.startswith("fields.unset_")} == {"fields.range", "fields.with_unset"}


def test_help_says_what_holds_where_nothing_is_requested(say) -> None:
    said = say("text-to-image", "--help").out
    assert "(auto)" in said
    assert "--emotion-strength" in said


def test_help_gives_the_range_of_a_number(say) -> None:
    assert "From 1 to 16." in " ".join(say("text-to-image", "--help").out.split())
