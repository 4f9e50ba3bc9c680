"""What a person is told of a file: facts from its tensors, words from its metadata, and what does not agree."""

import json
import os
import tracemalloc
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Description, Module, Refusal, bases, inspect, survey, write_kohya
from animegen.messages import message
from tests.lora_files.making import DOWN, UP, adapter, kohya_targets, write_raw


def kohya(path: Path, made: Adapter | None = None, **said: str) -> Path:
    write_kohya(made or adapter("sd1", rank=4, alpha=2.0), path / "miku.safetensors", said)
    return path / "miku.safetensors"


def test_a_file_is_told_in_numbers(tmp_path) -> None:
    found = inspect(kohya(tmp_path, adapter("sd1", kohya_targets(bases()["sd1"]), rank=2, alpha=1.0)))
    assert (found.format, found.base) == ("kohya", "Stable Diffusion 1.x")
    assert (found.unet_modules, found.text_encoder_modules, found.convolutions) == (192, 72, 0)
    assert (found.ranks, found.alphas, found.precision, found.notes) == ((2,), (1.0,), "float32", ())


def test_the_hashes_are_those_of_the_file_and_of_its_data(tmp_path) -> None:
    path = kohya(tmp_path)
    raw = path.read_bytes()
    found = inspect(path)
    assert found.sha256 == sha256(raw).hexdigest()
    assert found.autov2 == found.sha256[:10]
    assert found.autov3 == sha256(raw[8 + int.from_bytes(raw[:8], "little") :]).hexdigest()[:12]


@pytest.mark.parametrize(
    ("types", "precision"), [(("BF16", "BF16"), "bfloat16"), (("F16", "BF16"), "bfloat16, float16")]
)
def test_the_precision_is_that_of_the_file(types: tuple[str, str], precision: str, tmp_path) -> None:
    half = 2 * 2 * 768, 2 * 1280 * 2
    header = {
        DOWN: {"dtype": types[0], "shape": [2, 768], "data_offsets": [0, half[0]]},
        UP: {"dtype": types[1], "shape": [1280, 2], "data_offsets": [half[0], sum(half)]},
    }
    found = inspect(write_raw(tmp_path / "half.safetensors", header, b"\x80\x3f" * (sum(half) // 2)))
    assert found.precision == precision


def test_trigger_words_are_modelspecs(tmp_path) -> None:
    path = kohya(tmp_path, **{"modelspec.trigger_phrase": "初音ミク, miku style"})
    assert inspect(path).trigger_words == ("初音ミク", "miku style")


def test_or_a1111s_side_cars(tmp_path) -> None:
    (tmp_path / "miku.json").write_text(json.dumps({"activation text": "miku", "preferred weight": 0.8}))
    assert inspect(kohya(tmp_path)).trigger_words == ("miku",)


def test_or_the_classes_of_kohyas_folders(tmp_path) -> None:
    path = kohya(tmp_path, ss_dataset_dirs=json.dumps({"36_miku": {"n_repeats": 36}, "5_rin": {}}))
    assert inspect(path).trigger_words == ("miku", "rin")


def test_tags_are_told_the_commonest_first(tmp_path) -> None:
    path = kohya(tmp_path, ss_tag_frequency=json.dumps({"36_a": {"hat": 2, "1girl": 9}, "5_b": {"hat": 8}}))
    assert inspect(path).tags == ("hat", "1girl")


@pytest.mark.parametrize("text", ["", "no", "[]", "[" * 100_000, '{"a": 1}', '{"a": {"b": "c"}}', '{"a": {"b": NaN}}'])
@pytest.mark.parametrize("key", ["ss_tag_frequency", "ss_dataset_dirs"])
def test_metadata_that_makes_no_sense_is_passed_over(key: str, text: str, tmp_path) -> None:
    assert inspect(kohya(tmp_path, **{key: text})).tags == ()


def test_hostile_words_are_clamped(tmp_path) -> None:
    words = ", ".join(["\x1b[31mred", "a" * 5_000, *map(str, range(5_000))])
    found = inspect(kohya(tmp_path, **{"modelspec.trigger_phrase": words})).trigger_words
    assert len(found) == 20
    assert all(word.isprintable() and len(word) < 100 for word in found)


def test_a_base_that_disagrees_with_the_shapes_is_told(tmp_path) -> None:
    (note,) = inspect(kohya(tmp_path, ss_base_model_version="sdxl_base_v1-0")).notes
    assert "'sdxl_base_v1-0' as its base, but its shapes are of Stable Diffusion 1.x" in str(note)


def test_weights_changed_after_hashing_are_told(tmp_path) -> None:
    path = kohya(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    assert inspect(path).notes == (message("lora_files.hash_contradiction"),)


def test_a_lora_that_changes_nothing_is_told(tmp_path) -> None:
    (first, *_) = adapter("sd1").modules
    still = Module(part=first.part, path=first.path, down=first.down, up=np.zeros_like(first.up), alpha=1.0)
    assert message("lora_files.no_effect") in inspect(kohya(tmp_path, Adapter(modules=(still,), bases=("sd1",)))).notes


def test_a_survey_goes_through_a_folder_good_and_bad(tmp_path) -> None:
    kohya(tmp_path)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "old.ckpt").write_bytes(b"\x80\x02}q\0.")
    (tmp_path / "README.md").write_text("# words")
    write_raw(tmp_path / "deep" / "cut.safetensors", "{}", length=50)
    found = list(survey([tmp_path]))
    kinds = {Path(each.file).name: type(each) for each in found}
    assert kinds == {"cut.safetensors": Refusal, "old.ckpt": Refusal, "miku.safetensors": Description}


def test_a_survey_follows_no_link_out_of_its_folder(tmp_path) -> None:
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "link.safetensors").symlink_to(kohya(tmp_path))
    (found,) = survey([tmp_path / "inside"])
    assert isinstance(found, Refusal)
    assert "link that leads out" in str(found.refused)


@pytest.fixture
def depths(tmp_path: Path) -> Iterator[Path]:
    """A folder whose only file lies beneath more folders than Python may call functions within each other."""
    below = [tmp_path / "deep"]
    while len(below) < 1_100:
        below.append(below[-1] / "a")
    for folder in below:
        folder.mkdir()
    kohya(below[-1])
    yield below[0]
    (below[-1] / "miku.safetensors").unlink()
    for folder in reversed(below):
        folder.rmdir()


def test_a_survey_goes_down_however_deep_a_folder_is(depths: Path) -> None:
    (found,) = survey([depths])
    assert isinstance(found, Description)


def test_what_lies_too_deep_to_be_named_is_refused_and_the_others_are_told(tmp_path, monkeypatch) -> None:
    kohya(tmp_path)
    monkeypatch.chdir(tmp_path)
    for _ in range(20):  # a whole path has at most 4,096 bytes
        Path("a" * 250).mkdir()
        monkeypatch.chdir("a" * 250)
    kinds = [type(each) for each in survey([tmp_path])]
    assert kinds == [Refusal, Description]


def test_a_survey_follows_no_link_to_a_folder(tmp_path) -> None:
    (tmp_path / "inside").mkdir()
    kohya(tmp_path / "inside")
    (tmp_path / "inside" / "up").symlink_to(tmp_path)
    assert len(list(survey([tmp_path / "inside"]))) == 1


def test_a_survey_passes_over_no_oddity_and_waits_for_none(tmp_path) -> None:
    (tmp_path / "circle.safetensors").symlink_to(tmp_path / "circle.safetensors")
    (tmp_path / "dangling.safetensors").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.safetensors")
    assert [type(each) for each in survey([tmp_path])] == [Refusal, Refusal, Refusal]


def test_a_folder_is_no_file(tmp_path) -> None:
    with pytest.raises(AdapterRefused, match="is a folder"):
        inspect(tmp_path)


def test_a_refused_file_is_not_read_into_memory(tmp_path) -> None:
    """Fifty megabytes of a layer that no model has: the header alone decides."""
    header = {"strange": {"dtype": "F32", "shape": [12_500_000], "data_offsets": [0, 50_000_000]}}
    path = write_raw(tmp_path / "large.safetensors", header)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size + 50_000_000)
    tracemalloc.start()
    with pytest.raises(AdapterRefused, match="no known layer"):
        inspect(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000
