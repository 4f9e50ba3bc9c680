"""A tokenizer alone: it counts as the whole model does, and comes without its weights."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from animegen.errors import InvalidRequest, ModelUnavailable
from animegen.models import tokens
from animegen.models.cache import Source
from animegen.models.table import rows
from animegen.studio import Studio
from animegen.tasks import TextToImage
from tests import tiny
from tests.hub.server import Hub

ROW = replace(tiny.ROW, source="owner/model", embedded=False)
CHIBI = rows()["chibi"]


@pytest.fixture
def filled(hub: Hub, model_folder: Path) -> Hub:
    files = (path for path in model_folder.rglob("*") if path.is_file())
    hub.publish(ROW.source, {path.relative_to(model_folder).as_posix(): path.read_bytes() for path in files})
    return hub


def without_weights(load_tokens=tokens.load, **options) -> Studio:
    return Studio(CHIBI, lambda _: pytest.fail("no weights are needed"), load_tokens=load_tokens, **options)


def test_a_prompt_is_composed_without_weights() -> None:
    assert "blue hair" in without_weights().prompt(TextToImage(prompt="1girl, blue hair")).text


def test_a_prompt_does_not_wait_for_weights_that_are_being_loaded() -> None:
    loading, ended = threading.Event(), threading.Event()

    def load(_):
        loading.set()
        ended.wait()
        raise ModelUnavailable("models.weights_absent")

    studio = Studio(CHIBI, load, load_tokens=tokens.load)

    def draw() -> None:
        with pytest.raises(ModelUnavailable):
            _ = studio.engine

    visitor = threading.Thread(target=draw)
    visitor.start()
    try:
        assert loading.wait(60)
        assert studio.prompt(TextToImage(prompt="1girl")).text
    finally:
        ended.set()
        visitor.join()


def test_what_the_rules_forbid_is_refused_without_weights() -> None:
    with pytest.raises(InvalidRequest):
        without_weights(public=True).run(TextToImage(prompt="nude woman"))


def test_the_tokens_are_loaded_once() -> None:
    loaded: list[str] = []
    studio = without_weights(lambda row: loaded.append(row.name) or tokens.load(row))
    for _ in range(2):
        studio.prompt(TextToImage(prompt="1girl"))
    assert loaded == ["chibi"]


def test_the_program_shows_a_prompt_without_torch() -> None:
    code = (
        "import sys\nfrom animegen.cli import main\n"
        "try:\n    main(['prompt', '1girl, blue hair'])\n"
        "except SystemExit as ended:\n    assert not ended.code\n"
        "sys.exit(3 if {'torch', 'diffusers'} & set(sys.modules) else 0)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, "blue hair" in ended.stdout) == (0, True), ended.stderr


def test_of_a_model_from_the_hub_the_tokenizer_alone_is_downloaded(filled: Hub, source: Source) -> None:
    assert tokens.load(ROW, source).count("abc") == tokens.Tokens(tiny.parts().tokenizer).count("abc")
    assert not [line for line in filled.asked() if ".safetensors" in line]


def test_a_model_whose_tokenizer_came_first_is_downloaded_whole_afterwards(filled: Hub, source: Source) -> None:
    from animegen.models import loading

    tokens.load(ROW, source)
    loaded = loading.load(ROW, tiny.CPU, loading.folder_of(ROW, source=source), source)
    assert loaded.unet.config.in_channels == tiny.parts().unet.config.in_channels


@pytest.mark.parametrize("damage", ["missing", "cut short"])
def test_a_damaged_tokenizer_is_a_sentence(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / tokens.FOLDER
    folder.mkdir()
    if damage == "cut short":
        for name in ("vocab.json", "tokenizer_config.json", "tokenizer.json"):
            (folder / name).write_text('{"a": ')
    with pytest.raises(ModelUnavailable, match=r"The tokenizer of .* is incomplete or damaged"):
        tokens.load(replace(tiny.ROW, local=True, source=str(tmp_path)))
