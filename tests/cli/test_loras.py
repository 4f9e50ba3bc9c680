"""`animegen loras inspect`: a file in full, a folder in a line each, and what a script can rely on."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from animegen.lora_files import write_kohya, write_peft
from animegen.lora_files.adapter import BASE_HASH
from animegen.settings import settings
from tests.lora_files.making import adapter


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "miku.safetensors"
    write_kohya(adapter("sd1", rank=4, alpha=2.0), path, {"modelspec.trigger_phrase": "miku [blue]"})
    return path


@pytest.fixture
def folder(good: Path) -> Path:
    (good.parent / "old.ckpt").write_bytes(b"\x80\x02}q\0.")
    save_file({"lora_unet_mid_block.hada_w1_a": np.ones(2, np.float32)}, good.parent / "loha.safetensors")
    return good.parent


def test_a_good_file_is_told_in_full(say, good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    said = say("loras", "inspect", str(good))
    told = {line[:20].strip(): line[20:].strip() for line in said.out.splitlines()}
    assert said.code == 0
    assert (told["format"], told["base"], told["ranks"]) == ("kohya", "Stable Diffusion 1.x", "4")
    assert (told["alphas"], told["trigger words"]) == ("2", "miku [blue]")


def test_a_lora_for_chibi_says_when_it_is_not_known_for_which_edition(say, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    unknown, known = tmp_path / "ink.safetensors", tmp_path / "line.safetensors"
    write_kohya(adapter("chibi"), unknown)
    write_kohya(adapter("chibi"), known, {BASE_HASH: "0" * 64})
    assert "does not say on which weights of chibi it was trained" in say("loras", "inspect", str(unknown)).out
    assert "on which weights" not in say("loras", "inspect", str(known)).out


def test_a_refused_file_is_one_sentence(say, folder: Path) -> None:
    said = say("loras", "inspect", str(folder / "old.ckpt"))
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert "is a pickle" in said.err


def test_a_folder_is_a_line_a_file_and_fails_where_one_is_refused(say, folder: Path) -> None:
    said = say("loras", "inspect", str(folder))
    loha, miku, old = said.out.splitlines()
    assert said.code == 1
    assert "refused: loha.safetensors is a LoHa" in loha
    assert "kohya, Stable Diffusion 1.x, rank 4, alpha 2, 2 modules" in miku
    assert "refused: old.ckpt is a pickle" in old


def test_a_folder_of_good_files_succeeds(say, good: Path) -> None:
    assert say("loras", "inspect", str(good.parent)).code == 0


def test_json_is_a_list_good_and_bad(say, folder: Path) -> None:
    said = say("loras", "inspect", "--json", str(folder))
    loha, miku, _ = json.loads(said.out)
    assert said.code == 1
    assert set(loha) == {"file", "refused"}
    assert (miku["ranks"], miku["trigger_words"]) == ([4], ["miku [blue]"])


def test_a_folder_without_weights_is_an_error(say, tmp_path: Path) -> None:
    said = say("loras", "inspect", str(tmp_path))
    assert (said.code, said.out) == (1, "")


def test_a_path_that_does_not_exist_is_bad_usage(say, tmp_path: Path) -> None:
    assert say("loras", "inspect", str(tmp_path / "nowhere")).code == 2


# What is offered


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folder, which ANIMEGEN_LORAS names."""
    write_kohya(adapter("chibi"), tmp_path / "ink.safetensors", {"modelspec.trigger_phrase": "ink, line art"})
    monkeypatch.setenv("ANIMEGEN_LORAS", str(tmp_path))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_what_is_offered_is_listed_and_what_draws_here_marked(say, own: Path, wide: None) -> None:
    rows = {line[1:].split()[0]: line for line in say("loras").out.splitlines()[1:]}
    assert rows["ink"].startswith("*")
    assert "ink, line art" in rows["ink"]
    assert rows["anime-character"].startswith(" ")
    assert "creativeml-openrail-m" in rows["anime-character"]


def test_one_that_a_sampler_puts_on_is_listed_as_such_and_makes_the_sampler_available(say, own: Path, wide) -> None:
    row = '[ink]\nbase = "chibi"\nfile = "ink.safetensors"\ntrigger = []\nweight = 1\nlicence = ""\nrole = "lcm"\n'
    (own / "catalogue.toml").write_text(row, encoding="utf-8")
    (listed,) = (line for line in say("loras").out.splitlines() if "ink" in line.split())
    assert "by the sampler LCM" in listed
    models = {each["name"]: each["samplers"] for each in json.loads(say("models", "--json").out)["models"]}
    assert "LCM" in models["chibi"]


def test_one_that_a_style_puts_on_is_listed_as_such_and_makes_the_style_available(say, own: Path, wide: None) -> None:
    row = '[ink]\nbase = "chibi"\nfile = "ink.safetensors"\ntrigger = []\nweight = 1\nlicence = ""\nstyle = "sketch"\n'
    (own / "catalogue.toml").write_text(row, encoding="utf-8")
    (listed,) = (line for line in say("loras").out.splitlines() if "ink" in line.split())
    assert "by the style sketch" in listed
    (sketch,) = (line for line in say("styles").out.splitlines() if line.startswith("sketch"))
    assert "<lora:ink>" in sketch


def test_where_nothing_is_for_the_model_the_list_says_so(say, own: Path, wide: None, monkeypatch) -> None:
    monkeypatch.setenv("ANIMEGEN_MODEL", "cool-japan")
    settings.cache_clear()
    assert "None of them is for" in say("loras").out


def test_what_inspect_refuses_is_told_in_the_same_words_and_not_offered(say, own: Path, wide: None) -> None:
    write_peft(adapter("chibi"), own / "dora", "chibi")
    config = own / "dora" / "adapter_config.json"
    config.write_text(config.read_text().replace("{", '{"use_dora": true,', 1))
    (own / "old.pt").write_bytes(b"\x80\x02]q\0.")
    offered, inspected = say("loras"), say("loras", "inspect", str(own))
    assert "dora" not in offered.out
    assert "ink" in offered.out
    refused = [line.partition("refused: ")[2] for line in inspected.out.splitlines() if "refused: " in line]
    assert sorted(offered.err.splitlines()) == sorted(f"Not offered: {sentence}" for sentence in refused)


def test_a_folder_of_loras_that_is_not_there_is_one_sentence(say, monkeypatch) -> None:
    monkeypatch.setenv("ANIMEGEN_LORAS", "/nowhere")
    settings.cache_clear()
    said = say("loras")
    assert (said.code, said.out) == (1, "")
    assert said.err == "Invalid settings: ANIMEGEN_LORAS='/nowhere' (must be an existing folder).\n"


def test_what_cannot_be_offered_is_told_with_the_reason(say, own: Path, wide: None) -> None:
    (own / "bad.safetensors").write_bytes(b"")
    assert say("loras").err == "Not offered: bad.safetensors is empty; download or copy it again.\n"
