import pytest

from animegen.errors import ModelUnavailable
from animegen.models import table


def test_auto_chooses_the_embedded_model_and_says_why() -> None:
    choice = table.choose("auto")
    assert choice.row.name == "chibi"
    assert choice.row.embedded
    assert "no GPU" in choice.reason


def test_a_model_is_chosen_by_its_name() -> None:
    assert table.choose("chibi").row is table.rows()["chibi"]


def test_an_unknown_model_is_refused_with_the_choices() -> None:
    with pytest.raises(ModelUnavailable, match=r"'mona'.*auto, chibi"):
        table.choose("mona")


@pytest.mark.parametrize("row", table.rows().values(), ids=lambda row: row.name)
def test_the_native_size_is_one_that_the_row_allows(row: table.ModelRow) -> None:
    assert row.min_size <= row.native_size <= row.max_size
    assert all(side % row.size_step == 0 for side in (row.min_size, row.native_size, row.max_size))
