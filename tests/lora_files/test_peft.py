"""PEFT's configs and folders: each module's alpha, parts that belong together, and what is refused."""

from typing import Any

import numpy as np
import pytest

from animegen.errors import AdapterRefused
from animegen.lora_files import read, write_peft
from animegen.lora_files.alphas import scales
from animegen.lora_files.weights import Cause
from tests.lora_files.making import adapter, same

QUERY = "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_q"
CONFIG = {"peft_type": "LORA", "r": 8, "lora_alpha": 4}


@pytest.mark.parametrize(
    ("said", "alpha"),
    [
        ({}, 4.0),
        ({"alpha_pattern": {"attn2.to_q": 3}}, 3.0),
        ({"alpha_pattern": {f"^{QUERY}": 3}}, 3.0),
        ({"alpha_pattern": {QUERY.replace(".", r"\.") + "$": 3}}, 3.0),
        ({"alpha_pattern": {"attn1.to_q": 3, "to_q": 2}}, 2.0),
        ({"alpha_pattern": {"n2.to_q": 3, "^to_q": 2}}, 4.0),
        ({"use_rslora": True, "r": 16, "rank_pattern": {"to_q": 8}}, float(np.float32(4 * 8**0.5))),
    ],
)
def test_a_peft_config_says_each_modules_alpha_as_peft_reads_it(said: dict[str, Any], alpha: float) -> None:
    assert scales(CONFIG | said).alpha_for(QUERY, 8) == alpha


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"bias": "lora_only"}, "bias"),
        ({"init_lora_weights": "pissa"}, "init_lora_weights"),
        ({"peft_type": "LOKR"}, "LOKR"),
        ({"modules_to_save": ["conv_in"]}, "modules_to_save"),
        ({"r": "many"}, "invalid ranks or alphas"),
        ({"r": None}, "invalid ranks or alphas"),
        ({"r": [8]}, "invalid ranks or alphas"),
        ({"r": float("inf")}, "invalid ranks or alphas"),
        ({"lora_alpha": {}}, "invalid ranks or alphas"),
        ({"lora_alpha": "\0"}, "invalid ranks or alphas"),
        ({"rank_pattern": 7}, "invalid ranks or alphas"),
        ({"rank_pattern": {"to_q": "x"}}, "invalid ranks or alphas"),
        ({"alpha_pattern": {"": 1}}, "regular expression"),
        ({"alpha_pattern": {"../to_q": 1}}, "regular expression"),
        ({"peft_type": ["LORA"]}, "of the kind"),
        ({"peft_type": "IA3"}, "IA3"),
        ({"lora_alpha": -4}, "no valid scale"),
        ({"alpha_pattern": [1]}, "invalid ranks or alphas"),
        ({"alpha_pattern": {"(a+)+b": 1}}, "regular expression"),
        ({"lora_alpha": float("nan")}, "no valid scale"),
        ({"lora_alpha": 0}, "no valid scale"),
        ({"lora_alpha": 1e300}, "no valid scale"),
        ({"r": 4}, "rank 8"),
    ],
)
def test_a_peft_config_that_asks_for_more_or_makes_no_sense_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(Cause) as caught:
        scales(CONFIG | said).alpha_for(QUERY, 8)
    assert words in str(caught.value.message("ink.safetensors"))


def test_a_peft_folder_with_a_unet_and_a_text_encoder_is_one_adapter(tmp_path) -> None:
    made = adapter("sd1")
    write_peft(made, tmp_path, "someone/sd15")
    (tmp_path / "unet").mkdir()
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        (tmp_path / name).rename(tmp_path / "unet" / name)
    assert same(read(tmp_path), made)


def test_one_part_of_a_peft_folder_can_be_read_alone(tmp_path) -> None:
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    found = read(tmp_path / "text_encoder" / "adapter_model.safetensors")
    assert {each.part for each in found.modules} == {"text_encoder"}


def test_a_peft_file_without_its_config_is_refused(tmp_path) -> None:
    write_peft(adapter("sd1"), tmp_path, "someone/sd15")
    (tmp_path / "adapter_config.json").unlink()
    with pytest.raises(AdapterRefused, match=r"needs adapter_config\.json in the same folder"):
        read(tmp_path)
