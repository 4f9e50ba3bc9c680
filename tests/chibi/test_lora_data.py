"""Training pictures for LoRAs: how they lie in their folders, and that a name gives the same bytes each time."""

from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from animegen.chibi.artist.looks import LOOKS
from animegen.chibi.build import lora_data
from animegen.chibi.build.networks import SIZE
from animegen.chibi.invented import invented


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOOK_PICTURES", "CHARACTER_PICTURES", "REGULARIZATION"):
        monkeypatch.setattr(lora_data, name, 3)


def written(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_look_has_a_folder_of_its_name_with_captions_that_do_not_name_it(tmp_path: Path) -> None:
    lora_data.write_look("sketch", tmp_path)
    for name in ("0001", "0002", "0003"):
        assert "sketch" not in (tmp_path / "sketch" / f"{name}.txt").read_text()
        with Image.open(tmp_path / "sketch" / f"{name}.png") as image:
            assert image.size == (SIZE, SIZE)
    assert len(list(tmp_path.rglob("*"))) == 7


def test_a_character_has_its_repeats_in_its_folder_and_regularisation_of_its_class(tmp_path: Path) -> None:
    lora_data.write_character(invented()["juno"], tmp_path)
    assert {str(path.parent.relative_to(tmp_path)) for path in tmp_path.rglob("*.png")} == {
        "training/20_juno",
        "regularization/1_1girl",
    }
    captions = [path.read_text() for path in sorted((tmp_path / "training" / "20_juno").glob("*.txt"))]
    assert len(captions) == 3
    assert not any("juno" in text for text in captions)


@pytest.mark.parametrize("name", ["sketch", "juno"])
def test_a_name_gives_the_same_bytes_each_time(tmp_path: Path, name: str) -> None:
    for folder in ("one", "other"):
        assert CliRunner().invoke(_app(), [name, str(tmp_path / folder)]).exit_code == 0
    assert written(tmp_path / "one") == written(tmp_path / "other") != {}


def test_an_unknown_name_is_refused_with_the_choices(tmp_path: Path) -> None:
    refused = CliRunner().invoke(_app(), ["cubism", str(tmp_path)])
    assert refused.exit_code == 2
    assert all(name in refused.output for name in (*list(LOOKS)[:2], "juno"))


def _app():
    import typer

    app = typer.Typer()
    app.command()(lora_data.main)
    return app
