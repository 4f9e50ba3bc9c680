import pytest

from animegen.errors import InvalidRequest
from animegen.ui.choices import joined


def test_clicked_emotions_become_what_a_task_takes() -> None:
    assert joined(["happy", "sad"], "en") == "happy,sad"


@pytest.mark.parametrize("none", [[], None, "", 7])
def test_who_chose_no_emotion_is_asked_to_and_hears_nothing_of_commas(none: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^Choose at least one emotion\.$"):
        joined(none, "en")
