import pytest

from animegen.errors import InvalidRequest
from animegen.tasks import TextToImage


def test_half_a_character_is_refused_before_a_tokenizer_or_a_file_meets_it():
    with pytest.raises(InvalidRequest, match="half a character"):
        TextToImage(prompt="1girl \ud800")
