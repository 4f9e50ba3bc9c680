"""Trained adapters as LoRA files: what every reader gets of them is what was trained."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml
from diffusers import StableDiffusionPipeline
from peft import PeftModel
from peft.tuners.lora import LoraLayer

from animegen.errors import AdapterRefused, TrainingFailed
from animegen.lora_files import Adapter, Base, base_of, read
from animegen.training import export as exports
from animegen.training.differences import difference
from animegen.training.dropout import Masks
from animegen.training.export import converted, export
from animegen.training.tuned import Tuned
from animegen.training.tuners import inject
from tests import tiny
from tests.training.networks import encode, forward, networks, settings, train, tuned
from tests.training.records import recipe, record
from tests.training.test_tuners import STARTS

pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
BOTH = ("unet", "text_encoder")
HALF = 2e-3
"""What rounding to half precision may change of a difference, as a share of its largest number."""


def both(**fields: Any) -> tuple[Tuned, ...]:
    """Trained adapters of both parts on all of kohya's layers, alpha 2 at rank 4."""
    made = inject(networks(), settings(**{"targets": "kohya", "parts": BOTH, **fields}), 0, Masks())
    return tuple(train(each, 0.02) for each in made)


@pytest.fixture(scope="module")
def base() -> Base:
    into = networks()
    return base_of("tiny", "tiny", into["unet"].config, into["text_encoder"].config.to_dict())


def deltas(adapter: Adapter) -> dict[str, Any]:
    return {f"{module.part}.{module.path}": module.delta() for module in adapter.modules}


def wanted(made: tuple[Tuned, ...]) -> dict[str, Any]:
    return {f"{each.part}.{path}": difference(each, path).numpy() for each in made for path in each.layers}


def assert_close(found: dict[str, Any], expected: dict[str, Any], share: float) -> None:
    assert found.keys() == expected.keys()
    for name, delta in expected.items():
        assert found[name].shape == delta.shape
        assert np.abs(found[name] - delta).max() <= share * np.abs(delta).max(), name


@pytest.mark.parametrize(("method", "initialization"), [start for start in STARTS if start[0] in ("lora", "rslora")])
@pytest.mark.parametrize(("precision", "share"), [("float32", 1e-5), ("float16", HALF)])
def test_a_lora_is_what_was_trained_whatever_its_alpha_and_its_beginning(
    method, initialization, precision, share
) -> None:
    made = both(method=method, initialization=initialization)
    adapter = converted(made, "tiny", {}, precision=precision)
    assert_close(deltas(adapter), wanted(made), share)
    assert {module.rank for module in adapter.modules} == {8 if initialization in ("pissa", "olora") else 4}
    assert not adapter.notes


def test_rslora_is_written_with_the_alpha_that_gives_its_scale_to_all_readers() -> None:
    (adapter,) = {module.alpha for module in converted(both(method="rslora"), "tiny", {}).modules}
    assert adapter == 4.0  # 2 * sqrt(4): the scale is alpha / sqrt(rank)


@pytest.mark.parametrize("method", ["dora", "lokr", "oft"])
def test_another_method_becomes_a_lora_that_is_as_near_as_its_note_says(method: str) -> None:
    made = both(method=method)
    adapter = converted(made, "tiny", {}, precision="float32")
    found, expected = deltas(adapter), wanted(made)
    for each, note in zip(made, adapter.notes, strict=True):
        names = [name for name in expected if name.startswith(f"{each.part}.")]
        error = sum(np.square(found[name] - expected[name]).sum() for name in names)
        share = np.sqrt(error / sum(np.square(expected[name]).sum() for name in names))
        assert share < 0.032
        assert str(note).endswith(f"are off by {share:.1%}.")


def test_another_methods_rank_can_be_chosen() -> None:
    adapter = converted(both(method="lokr"), "tiny", {}, rank=5)
    assert {module.rank for module in adapter.modules} == {5}


def test_a_number_too_large_for_half_precision_is_refused_and_float32_takes_it() -> None:
    made = both()
    made[0].factors("mid_block.attentions.0.proj_in")[1].data[0] = 1e5
    with pytest.raises(AdapterRefused, match=r"unet.mid_block.attentions.0.proj_in is too large for float16"):
        converted(made, "tiny", {})
    assert converted(made, "tiny", {}, precision="float32").modules


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[tuple[Tuned, ...], Path]:
    made = both()
    folder = tmp_path_factory.mktemp("run") / "adapter"
    export(made, recipe(), record(), {"ss_seed": "42"}, folder)
    return made, folder


@pytest.mark.parametrize("name", ["mika.safetensors", "pytorch_lora_weights.safetensors", "."])
def test_each_format_is_read_back_with_the_differences_that_were_trained(exported, base: Base, name: str) -> None:
    made, folder = exported
    found = read(folder / name, [base])
    assert_close(deltas(found), wanted(made), HALF)
    assert {module.alpha for module in found.modules} == {2.0}
    assert found.metadata["ss_seed"] == "42"


def test_pefts_folders_are_read_back_with_the_differences_that_were_trained(
    exported, base: Base, tmp_path: Path
) -> None:
    made, folder = exported
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        for place in ("", "text_encoder"):
            (tmp_path / place).mkdir(exist_ok=True)
            (tmp_path / place / name).write_bytes((folder / place / name).read_bytes())
    assert_close(deltas(read(tmp_path, [base])), wanted(made), HALF)


def test_the_folder_holds_what_is_published_and_nothing_else(exported) -> None:
    _, folder = exported
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "mika.json",
        "mika.safetensors",
        "pytorch_lora_weights.safetensors",
        "recipe.yaml",
        "text_encoder/adapter_config.json",
        "text_encoder/adapter_model.safetensors",
    ]
    assert [path.name for path in folder.parent.iterdir()] == ["adapter"]


def test_the_published_recipe_names_no_folder_of_this_machine(exported) -> None:
    _, folder = exported
    values = yaml.safe_load((folder / "recipe.yaml").read_text(encoding="utf-8"))
    assert values["data"]["folder"] == "mika"
    assert values["adapter"]["rank"] == 32
    assert json.loads((folder / "mika.json").read_text(encoding="utf-8"))["activation text"] == "mika"


def test_a_new_export_takes_the_place_of_the_old_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "adapter"
    export([train(tuned())], recipe(name="old"), record(), {}, folder)
    export([train(tuned())], recipe(), record(), {}, folder)
    assert not (folder / "old.safetensors").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


def test_an_export_that_fails_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "adapter"
    export([train(tuned())], recipe(name="old"), record(), {}, folder)

    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "write_peft", full)
    with pytest.raises(OSError, match="No space"):
        export([train(tuned())], recipe(), record(), {}, folder)
    assert (folder / "old.safetensors").is_file()


def test_an_adapter_that_does_nothing_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="it does nothing"):
        export([tuned()], recipe(), record(), {}, tmp_path / "adapter")
    assert not list(tmp_path.iterdir())


# Other programs


def loaded(network: torch.nn.Module) -> int:
    return sum(isinstance(each, LoraLayer) for each in network.modules())


@pytest.mark.parametrize("name", ["", "mika.safetensors"])
def test_plain_diffusers_computes_what_was_trained(exported, name: str) -> None:
    made, folder = exported
    pipe: StableDiffusionPipeline = tiny.pipeline(tiny.parts())
    bare = forward(pipe.unet)
    pipe.load_lora_weights(folder, **({"weight_name": name} if name else {}))
    assert [loaded(pipe.unet), loaded(pipe.text_encoder)] == [len(each.layers) for each in made]
    trained = forward(made[0].network)
    assert (forward(pipe.unet) - trained).abs().max() < 0.01 * (bare - trained).abs().max()
    torch.testing.assert_close(encode(pipe.text_encoder), encode(made[1].network), rtol=0, atol=2e-3)


def test_peft_computes_what_was_trained(exported) -> None:
    made, folder = exported
    into = networks()
    bare = forward(into["unet"])
    unet = PeftModel.from_pretrained(into["unet"], folder)
    text_encoder = PeftModel.from_pretrained(into["text_encoder"], folder / "text_encoder")
    assert [loaded(unet), loaded(text_encoder)] == [len(each.layers) for each in made]
    trained = forward(made[0].network)
    assert (forward(unet.base_model.model) - trained).abs().max() < 0.01 * (bare - trained).abs().max()
