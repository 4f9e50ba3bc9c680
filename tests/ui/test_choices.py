import pytest

from animegen.errors import InvalidRequest
from animegen.ui.choices import joined


def test_clicked_emotions_become_what_a_task_takes() -> None:
    assert joined(["happy", "sad"]) == "happy,sad"


def test_clicked_emotions_come_in_an_order_of_their_own() -> None:
    assert joined(["sad", "bored", "happy"], ("happy", "sad")) == "happy,sad,bored"


def test_what_a_script_sends_is_left_to_the_task() -> None:
    assert joined("sad, happy", ("happy", "sad")) == "sad, happy"


def test_a_visitor_who_chose_no_emotion_is_asked_to() -> None:
    with pytest.raises(InvalidRequest, match=r"^Choose at least one emotion\.$"):
        joined([])
