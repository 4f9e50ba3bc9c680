import pytest

from animegen.bench import run
from animegen.errors import InvalidRequest


def test_an_unknown_figure_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidRequest, match="no figure B3; choose one of: B1, B4, B5, B6, B7, B9"):
        run(figures=["B4", "B3"])
