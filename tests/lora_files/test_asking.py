"""Asking for LoRAs by name: what comes back, and how a name is refused."""

import json

import pytest

from animegen.errors import AdapterRefused, InvalidRequest
from animegen.lora_files import Offers
from animegen.tasks import Lora

NOWHERE = "none is available for this model"


def test_a_weight_that_is_not_said_is_the_makers(folder):
    (folder / "ink.json").write_text(json.dumps({"preferred weight": 0.6}))
    asked = [Lora("ink"), Lora("soft", 2)]
    assert Offers([folder]).resolved(asked, "chibi") == (Lora("ink", 0.6), Lora("soft", 2.0))


def test_a_name_that_comes_twice_with_one_weight_is_one(folder):
    assert Offers([folder]).resolved([Lora("ink"), Lora("ink", 1.0)], "chibi") == (Lora("ink", 1.0),)


def test_a_name_with_two_weights_is_refused(folder):
    with pytest.raises(InvalidRequest, match="'ink' has two different weights"):
        Offers([folder]).resolved([Lora("ink"), Lora("ink", 0.5)], "chibi")


def test_the_name_of_a_file_that_is_not_offered_is_answered_with_the_reason(folder):
    (folder / "old.pt").write_bytes(b"\x80\x02]q\0.")
    with pytest.raises(AdapterRefused, match=r"^old\.pt is a pickle"):
        Offers([folder]).resolved([Lora("old")], "chibi")


def test_an_unknown_name_is_named_with_the_choices(folder):
    with pytest.raises(InvalidRequest, match=r"^There is no LoRA named 'inc'; choose one of: ink, soft\.$"):
        Offers([folder]).resolved([Lora("inc")], "chibi")


def test_where_nothing_is_offered_the_sentence_says_so():
    with pytest.raises(InvalidRequest, match=NOWHERE):
        Offers().resolved([Lora("ink")], "chibi")


def test_a_lora_of_another_model_is_refused_by_name(folder):
    with pytest.raises(InvalidRequest, match=r"'miku.v2' is for Stable Diffusion 1.x, not for this model"):
        Offers([folder]).resolved([Lora("miku.v2")], "chibi")
