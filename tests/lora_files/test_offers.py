"""What can be asked for by name, and what a folder may hold without being opened."""

import json
import os
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from animegen.lora_files import Offers, Refusal, base_named, survey, write_diffusers, write_kohya, write_peft
from animegen.lora_files.bases import drawable
from animegen.lora_files.offers import OWN_FOLDER
from animegen.models.table import rows
from animegen.tasks import Lora
from animegen.training.recipe_file import read_recipe
from tests.lora_files.making import DOWN, GOOD, adapter


def test_files_and_folders_are_offered_by_their_names(folder):
    found = Offers([folder]).all()
    assert {name: each.label for name, each in found.items()} == {
        "ink": "chibi", "miku.v2": "Stable Diffusion 1.x", "soft": "chibi",
    }  # fmt: skip
    assert list(Offers([folder]).of("chibi")) == ["ink", "soft"]


def test_an_own_file_brings_its_trigger_words_and_its_side_car_the_weight(folder):
    (folder / "ink.json").write_text(json.dumps({"preferred weight": 0.6}))
    ink = Offers([folder]).all()["ink"]
    assert (ink.triggers, ink.weight) == (("ink", "line art"), 0.6)


@pytest.mark.parametrize("said", [0, -1, 99, "much", None, [1], True])
def test_a_side_car_with_a_weight_that_cannot_be_leaves_it_at_one(folder, said):
    (folder / "ink.json").write_text(json.dumps({"preferred weight": said}))
    assert Offers([folder]).all()["ink"].weight == 1


def test_a_file_that_is_added_meanwhile_is_offered_and_one_that_changes_is_looked_at_anew(folder):
    offers = Offers([folder])
    assert "new" not in offers.all()
    write_kohya(adapter("chibi"), folder / "new.safetensors")
    write_kohya(adapter("sd1", rank=2), folder / "ink.safetensors")
    assert offers.all()["new"].bases == ("chibi",)
    assert offers.all()["ink"].bases == ("sd1",)


def test_a_file_is_read_once(folder, monkeypatch):
    offers = Offers([folder])
    before = offers.all()
    monkeypatch.setattr("animegen.lora_files.offers.read", None)
    assert offers.all() == before


def test_of_two_with_one_name_the_first_folders_counts(folder, tmp_path):
    second = tmp_path / "second"
    second.mkdir()
    write_kohya(adapter("sd1"), second / "ink.safetensors")
    assert Offers([folder, second]).all()["ink"].path == folder / "ink.safetensors"


@pytest.mark.parametrize("name", ["my lora", "墨", "x" * 200, "a&b"])
def test_a_file_that_no_prompt_could_name_is_refused_with_the_reason(folder, name):
    (folder / "ink.safetensors").rename(folder / f"{name}.safetensors")
    (refusal,) = Offers([folder]).refusals()
    assert refusal.refused.id == "lora_files.name_invalid"


def test_a_link_that_leads_out_is_not_offered(folder, tmp_path):
    write_kohya(adapter("chibi"), tmp_path / "secret.safetensors")
    (folder / "link.safetensors").symlink_to(tmp_path / "secret.safetensors")
    outside = tmp_path / "outside"
    outside.mkdir()
    write_diffusers(adapter("chibi"), outside)
    (folder / "linked").symlink_to(outside)
    offers = Offers([folder])
    assert not {"link", "linked"} & offers.all().keys()
    assert [str(refusal.refused) for refusal in offers.refusals()] == [
        "link.safetensors is a link that leads out of its folder; put the file itself there.",
        "linked is a link that leads out of its folder; put the file itself there.",
    ]


def test_a_damaged_file_is_refused_and_the_others_stay(folder):
    os.truncate(folder / "ink.safetensors", 100)
    offers = Offers([folder])
    assert list(offers.all()) == ["miku.v2", "soft"]
    assert offers.refusals()[0].refused.id == "lora_files.header_cut_off"


def test_a_folder_that_is_not_there_offers_nothing(tmp_path):
    assert not Offers([tmp_path / "nowhere"]).all()


def test_a_folder_that_cannot_be_opened_offers_nothing_and_says_so(folder, tmp_path):
    offers = Offers([tmp_path / ("a" * 300), folder])
    assert list(offers.all()) == ["ink", "miku.v2", "soft"]
    assert "... cannot be read: File name too long;" in str(offers.refusals()[0].refused)


def test_what_inspect_refuses_is_not_offered_and_told_with_the_same_sentence(folder):
    """PEFT without a config, with a broken one and with DoRA's; LoHa; NaN."""
    for name, change in (
        ("noconf", None),
        ("badconf", '{"r": 1,'),
        ("dora", '{"r": 4, "lora_alpha": 1, "use_dora": true}'),
    ):
        write_peft(adapter("chibi"), folder / name, "chibi")
        config = folder / name / "adapter_config.json"
        config.write_text(change) if change else config.unlink()
    save_file({"lora_unet_mid_block.hada_w1_a": np.ones(2, np.float32)}, folder / "loha.safetensors")
    save_file(GOOD | {DOWN: np.full((2, 768), np.nan, np.float32)}, folder / "nan.safetensors")
    offers = Offers([folder])
    assert list(offers.all()) == ["ink", "miku.v2", "soft"]
    refused = {Path(each.file).name: str(each.refused) for each in offers.refusals()}
    surveyed = [str(each.refused) for each in survey([folder]) if isinstance(each, Refusal)]
    assert sorted(refused) == ["badconf", "dora", "loha.safetensors", "nan.safetensors", "noconf"]
    assert sorted(refused.values()) == sorted(surveyed)
    assert refused["dora"].startswith("dora/adapter_model.safetensors uses use_dora")


def test_a_part_of_a_folder_that_is_refused_is_told_by_its_folder(folder):
    (folder / "soft" / "text_encoder" / "adapter_config.json").unlink()
    (refusal,) = Offers([folder]).refusals()
    assert str(refusal.refused).startswith("soft/text_encoder/adapter_model.safetensors needs adapter_config.json")


def test_every_file_of_weights_that_is_not_offered_has_a_line(folder):
    for name in ("a.pt", "b.ckpt", "deep/c.bin", "d.PTH", "old/adapter_model.bin"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"\x80\x02]q\0.")
    refused = [str(each.refused).partition(" is a pickle")[0] for each in Offers([folder]).refusals()]
    assert refused == ["a.pt", "b.ckpt", "d.PTH", "c.bin", "old/adapter_model.bin"]


def test_a_file_in_a_sub_folder_is_offered_by_its_own_name(folder):
    (folder / "styles" / "deep").mkdir(parents=True)
    write_kohya(adapter("chibi"), folder / "styles" / "line.safetensors")
    write_kohya(adapter("chibi"), folder / "styles" / "deep" / "wash.safetensors")
    found = Offers([folder])
    assert list(found.of("chibi")) == ["ink", "soft", "line", "wash"]
    assert found.resolved([Lora("wash")], "chibi") == (Lora("wash", 1.0),)
    assert not found.refusals()


def test_a_folder_with_a_lora_in_several_formats_is_one(folder):
    write_diffusers(adapter("chibi"), folder / "soft")
    write_kohya(adapter("chibi"), folder / "soft" / "soft-kohya.safetensors")
    assert list(Offers([folder]).all()) == ["ink", "miku.v2", "soft"]


def test_a_second_file_with_one_name_is_told(folder):
    (folder / "deep").mkdir()
    write_kohya(adapter("chibi"), folder / "deep" / "miku.v2.safetensors")
    write_kohya(adapter("chibi"), folder / "deep" / "ink.safetensors")
    offers = Offers([folder])
    assert offers.all()["ink"].path == folder / "ink.safetensors"
    assert [(each.file, str(each.refused)) for each in offers.refusals()] == [
        (str(folder / "deep" / f"{name}.safetensors"), f"{name}.safetensors has the name of another LoRA; rename it.")
        for name in ("ink", "miku.v2")
    ]


def test_the_folder_of_the_source_is_looked_through_once():
    assert Offers.here(OWN_FOLDER / ".").refusals() == Offers.here().refusals() == ()


def test_a_catalogues_file_is_held_against_what_the_catalogue_says(folder):
    (refusal,) = Offers([listed(folder, base='"sd1"')]).refusals()
    assert str(refusal.refused) == "ink.safetensors is a LoRA for chibi; use one for Stable Diffusion 1.x."


# The catalogue


def test_a_catalogues_file_is_offered_under_the_catalogues_name_alone(folder):
    (folder / "catalogue.toml").write_text(
        '[line-art]\nbase = "chibi"\nfile = "ink.safetensors"\nsha256 = "00"\ntrigger = ["line"]\nweight = 0.7\n'
        'licence = "CC0-1.0"\n'
    )
    found = Offers([folder]).all()
    assert list(found) == ["line-art", "miku.v2", "soft"]
    assert (found["line-art"].weight, found["line-art"].licence, found["line-art"].sha256) == (0.7, "CC0-1.0", "00")


ROW = {"base": '"chibi"', "file": '"ink.safetensors"', "trigger": "[]", "weight": "1.0", "licence": '"CC0-1.0"'}


def listed(folder: Path, name: str = "line", **changes: str) -> Path:
    """Write a catalogue of one row, whose values are written as they stand."""
    row = {key: value for key, value in (ROW | changes).items() if value}
    lines = [f'["{name}"]', *(f"{key} = {value}" for key, value in row.items())]
    (folder / "catalogue.toml").write_text("\n".join(lines))
    return folder


@pytest.mark.parametrize(
    "file", ["../secret.safetensors", "/etc/passwd", "link.safetensors", "a/../../secret", "\\u0000"]
)
def test_a_catalogue_leads_to_no_file_outside_its_folder(folder, tmp_path, file):
    write_kohya(adapter("chibi"), tmp_path / "secret.safetensors")
    (folder / "link.safetensors").symlink_to(tmp_path / "secret.safetensors")
    offers = Offers([listed(folder, file=f'"{file}"')])
    assert "line" not in offers.all()
    assert offers.refusals()[0].refused.id == "lora_files.catalogue_outside"


@pytest.mark.parametrize(
    "changes",
    [
        {"base": '"flux"'}, {"base": '"sdxl"'}, {"base": "7"}, {"base": '["chibi"]'}, {"base": ""},
        {"file": ""}, {"file": "7"}, {"trigger": '"ink"'}, {"trigger": "[7]"}, {"trigger": ""},
        {"weight": "nan"}, {"weight": "-1"}, {"weight": "99"}, {"weight": "true"}, {"weight": '"1"'}, {"weight": ""},
        {"licence": "7"}, {"licence": ""}, {"sha256": "7"}, {"repository": "7"}, {"name": "../ink"}, {"name": "墨"},
        {"style": '"cubist"'}, {"style": "7"},
    ],
    ids=str,
)  # fmt: skip
def test_a_row_of_a_catalogue_that_makes_no_sense_is_refused_and_the_others_stay(folder, changes):
    offers = Offers([listed(folder, **changes)])
    assert [refusal.refused.id for refusal in offers.refusals()] == ["lora_files.catalogue_row"]
    assert {"miku.v2", "soft"} <= offers.all().keys()


@pytest.mark.parametrize("content", [b"[[[", b"\xff\xfe", b"line = 1", b"a = " + b"[" * 100_000, b"x" * 2_000_000])
def test_a_catalogue_that_is_none_is_refused_and_the_files_are_offered(folder, content):
    (folder / "catalogue.toml").write_bytes(content)
    offers = Offers([folder])
    assert list(offers.all()) == ["ink", "miku.v2", "soft"]
    assert str(offers.refusals()[0].refused).startswith("catalogue.toml ")


def test_what_comes_with_the_source_is_what_its_catalogue_says():
    for offer in Offers.here().all().values():
        assert offer.licence
        assert offer.repository or sha256(offer.path.read_bytes()).hexdigest() == offer.sha256


def test_every_model_of_the_table_has_the_layers_of_one_of_the_bases():
    assert {row.lora_base for row in rows().values()} <= {base.name for base in drawable()}


def test_a_model_is_known_by_its_configs_old_ones_that_leave_something_out_too():
    unet = {
        "in_channels": 4, "out_channels": 4, "block_out_channels": [320, 640, 1280, 1280], "layers_per_block": 2,
        "cross_attention_dim": 768, "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
        "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    }  # fmt: skip
    words = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12}
    assert base_named(unet, words) == "sd1"
    assert base_named(unet | {"cross_attention_dim": 2048}, words) == ""
    assert base_named(unet | {"block_out_channels": [8]}, words) == ""
    assert base_named({}, words) == ""


def test_what_lies_here_was_trained_by_a_recipe_that_lies_here_too():
    for offer in Offers.here().all().values():
        if not offer.repository:
            recipe = read_recipe(OWN_FOLDER.parent / "recipes" / f"{offer.name}.yaml")
            assert (recipe.name, recipe.licence, (recipe.data.trigger,)) == (offer.name, offer.licence, offer.triggers)
