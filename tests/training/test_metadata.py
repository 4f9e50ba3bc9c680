"""What an adapter's files say of its run: kohya's keys, ModelSpec, the side-car, and no path of this machine."""

import json

import pytest

from animegen.lora_files.adapter import BASE_HASH
from animegen.lora_files.words import tags, trigger_words
from animegen.training.metadata import metadata, sidecar
from tests.training.records import DATA, PICTURES, recipe, record


def said(base: str = "chibi", **fields) -> dict[str, str]:
    return metadata(recipe(**fields), PICTURES, record(base))


def test_kohyas_keys_say_how_the_run_was_made() -> None:
    optimizer = {"learning_rate": 2e-4, "text_encoder_learning_rate": 5e-5, "warmup": 0.1, "schedule": "cosine"}
    found = said(optimizer=optimizer, adapter={"parts": ["unet", "text_encoder"]}, accumulation=3, seed=7)
    expected = {
        "ss_output_name": "mika",
        "ss_learning_rate": "0.0002",
        "ss_unet_lr": "0.0002",
        "ss_text_encoder_lr": "5e-05",
        "ss_optimizer": "adamw",
        "ss_lr_scheduler": "cosine",
        "ss_lr_warmup_steps": "3",
        "ss_epoch": "3",
        "ss_num_epochs": "4",
        "ss_steps": "30",
        "ss_max_train_steps": "40",
        "ss_seed": "7",
        "ss_batch_size_per_device": "2",
        "ss_gradient_accumulation_steps": "3",
        "ss_training_started_at": "1795870800.0",
        "ss_num_train_images": "23",
        "ss_num_reg_images": "1",
        "ss_min_snr_gamma": "5.0",
    }
    assert {key: found[key] for key in expected} == expected


def test_a_part_that_was_not_trained_has_no_learning_rate() -> None:
    assert said()["ss_text_encoder_lr"] == "None"
    assert said(adapter={"parts": ["text_encoder"]})["ss_unet_lr"] == "None"


def test_folders_and_tags_are_json_with_counts_of_pictures() -> None:
    found = said()
    assert json.loads(found["ss_dataset_dirs"]) == {
        "10_mika": {"n_repeats": 10, "img_count": 2},
        "3_swim suit": {"n_repeats": 3, "img_count": 1},
    }
    assert json.loads(found["ss_tag_frequency"]) == {
        "10_mika": {"mika": 2, "blue hair": 2, "smile": 1, "青い髪": 1},
        "3_swim suit": {"mika": 1, "smile": 1},
    }


def test_our_own_reader_finds_trigger_and_tags(tmp_path) -> None:
    assert trigger_words(said(), tmp_path / "mika.safetensors") == ("mika",)
    assert tags(said())[:2] == ("mika", "blue hair")


@pytest.mark.parametrize(
    ("base", "prediction", "version", "v2", "architecture"),
    [
        ("chibi", "v_prediction", "chibi", "False", "animegen-chibi/lora"),
        ("sd15", "epsilon", "sd_v1", "False", "stable-diffusion-v1/lora"),
        ("sd15", "v_prediction", "sd_v1_v", "False", "stable-diffusion-v1/lora"),
        ("cool-japan", "epsilon", "sd_v2", "True", "stable-diffusion-v2-512/lora"),
        ("cool-japan", "v_prediction", "sd_v2_v", "True", "stable-diffusion-v2-768-v/lora"),
    ],
)
def test_the_base_is_named_by_its_layers_and_by_what_it_predicts(base, prediction, version, v2, architecture) -> None:
    found = metadata(recipe(), PICTURES, record(base, prediction=prediction))
    assert (found["ss_base_model_version"], found["ss_v2"]) == (version, v2)
    assert found["modelspec.architecture"] == architecture
    velocity = prediction == "v_prediction"
    assert found["ss_v_parameterization"] == str(velocity)
    assert found["modelspec.prediction_type"] == ("v" if velocity else "epsilon")


def test_model_spec_names_author_licence_date_and_trigger() -> None:
    found = said(description="A girl.", licence="CC-BY-4.0")
    expected = {
        "modelspec.title": "mika",
        "modelspec.author": "Someone",
        "modelspec.description": "A girl.",
        "modelspec.license": "CC-BY-4.0",
        "modelspec.date": "2026-11-28T13:30:00+00:00",
        "modelspec.trigger_phrase": "mika",
        "modelspec.resolution": "256x256",
    }
    assert {key: found[key] for key in expected} == expected
    assert said()["modelspec.license"] == "CC0-1.0"


def test_the_hash_of_the_base_stands_there_where_it_has_editions() -> None:
    assert metadata(recipe(), PICTURES, record("chibi", base_hash="abc"))[BASE_HASH] == "abc"
    assert BASE_HASH not in said("sd15")


def test_every_value_is_a_word_and_none_is_empty() -> None:
    assert all(isinstance(value, str) and value for value in said(author="").values())


def test_no_path_of_this_machine_is_told() -> None:
    everything = json.dumps([said(), sidecar(recipe(), record("chibi"))])
    assert "someone/" not in everything


def test_a1111_is_told_what_calls_the_lora() -> None:
    assert sidecar(recipe(description="A girl.", data=DATA), record("sd15")) == {
        "description": "A girl.",
        "sd version": "SD1",
        "activation text": "mika",
        "preferred weight": 1.0,
        "negative text": "",
        "notes": "Trained on Stable Diffusion 1.5 (stable-diffusion-v1-5/stable-diffusion-v1-5); "
        "licence: CreativeML OpenRAIL-M",
    }
    assert sidecar(recipe(), record("chibi"))["sd version"] == "Unknown"
