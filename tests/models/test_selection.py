import pytest

from animegen.errors import ModelUnavailable
from animegen.models.selection import choose
from animegen.models.table import rows


def test_auto_chooses_the_embedded_model_and_says_why() -> None:
    choice = choose("auto")
    assert choice.row.name == "chibi"
    assert choice.row.embedded
    assert choice.reason.id == "models.chosen_without_gpu"


@pytest.mark.parametrize("name", rows())
def test_a_model_is_chosen_by_its_name(name: str) -> None:
    assert choose(name).row is rows()[name]


@pytest.mark.parametrize("name", ["stable-diffusion-v1-5/stable-diffusion-v1-5", "runwayml/stable-diffusion-v1-5"])
def test_a_model_is_chosen_by_its_repository_and_by_an_old_name_of_it(name: str) -> None:
    assert choose(name).row is rows()["sd15"]


def test_an_unknown_model_is_refused_with_the_choices() -> None:
    with pytest.raises(ModelUnavailable, match=r"'mona'.*auto, chibi"):
        choose("mona")
