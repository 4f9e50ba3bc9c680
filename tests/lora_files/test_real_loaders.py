"""Our files in diffusers' and PEFT's own loaders, and theirs in ours, on a tiny Stable Diffusion."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionPipeline
from diffusers.utils import convert_state_dict_to_diffusers
from diffusers.utils.state_dict_utils import convert_state_dict_to_kohya
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.lora import LoraLayer
from peft.utils import get_peft_model_state_dict
from safetensors.torch import save_file

from animegen.lora_files import Adapter, Base, Format, base_of, read, write_diffusers, write_kohya, write_peft
from tests import tiny
from tests.lora_files.making import adapter, kohya_targets, places, same

TARGETS = ["to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2", "conv1"]
TEXT_TARGETS = ["q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2"]

# peft asks transformers' models something by a name that transformers has given up.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


@pytest.fixture
def pipe() -> StableDiffusionPipeline:
    return tiny.pipeline(tiny.parts())


@pytest.fixture
def base(pipe) -> Base:
    return base_of("tiny", "tiny", pipe.unet.config, pipe.text_encoder.config.to_dict())


def deltas(network: torch.nn.Module) -> Mapping[str, Any]:
    """What the LoRA layers in a network add to its weights, by the layer's own name."""
    found = {}
    for name, each in network.named_modules():
        if isinstance(each, LoraLayer):
            (adapter_name,) = each.lora_A
            path = name.removeprefix("base_model.model.")
            found[path] = each.get_delta_weight(adapter_name).detach().numpy()
    return found


def ours(made: Adapter, part: str) -> Mapping[str, Any]:
    return {module.path: module.delta() for module in made.modules if module.part == part}


def assert_equal(made: Adapter, unet: torch.nn.Module, text_encoder: torch.nn.Module | None) -> None:
    """Hold every difference against the real loader's; 1e-6 is what the order of additions may change."""
    for part, network in (("unet", unet), ("text_encoder", text_encoder)):
        theirs, mine = deltas(network) if network else {}, ours(made, part)
        assert theirs.keys() == mine.keys()
        for path, delta in mine.items():
            np.testing.assert_allclose(theirs[path], delta, rtol=1e-5, atol=1e-6, err_msg=path)


def test_diffusers_reads_our_diffusers_file_convolutions_and_text_encoder_too(pipe, base, tmp_path) -> None:
    made = adapter(base, places(base), rank=3, alpha=1.5)
    write_diffusers(made, tmp_path)
    pipe.load_lora_weights(str(tmp_path))
    assert_equal(made, pipe.unet, pipe.text_encoder)


def mixed(base: Base) -> Adapter:
    """Two ranks and two alphas, in both parts."""
    at = kohya_targets(base)
    small = adapter(base, at[::2], rank=2, alpha=0.5)
    large = adapter(base, at[1::2], rank=4, alpha=8.0)
    return Adapter(modules=(*small.modules, *large.modules), bases=small.bases)


def test_diffusers_reads_ranks_and_alphas_that_differ_from_module_to_module(pipe, base, tmp_path) -> None:
    made = mixed(base)
    write_diffusers(made, tmp_path)
    pipe.load_lora_weights(str(tmp_path))
    assert_equal(made, pipe.unet, pipe.text_encoder)


def test_diffusers_reads_our_kohya_file(pipe, base, tmp_path) -> None:
    made = adapter(base, kohya_targets(base), rank=4, alpha=1.0)
    write_kohya(made, tmp_path / "made.safetensors")
    pipe.load_lora_weights(str(tmp_path), weight_name="made.safetensors")
    assert_equal(made, pipe.unet, pipe.text_encoder)


def test_peft_reads_our_peft_folder(pipe, base, tmp_path) -> None:
    made = mixed(base)
    write_peft(made, tmp_path, "someone/tiny")
    unet = PeftModel.from_pretrained(pipe.unet, str(tmp_path))
    text_encoder = PeftModel.from_pretrained(pipe.text_encoder, str(tmp_path / "text_encoder"))
    assert_equal(made, unet, text_encoder)


def trained(network: Any, targets: list[str], **how: Any) -> Any:
    """Return the network with PEFT's LoRA, its numbers random as after a training."""
    torch.manual_seed(0)
    config = LoraConfig(r=4, lora_alpha=2, target_modules=targets, alpha_pattern={targets[0]: 3}, **how)
    model = get_peft_model(network, config)
    for name, weight in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight)
    return model


@pytest.mark.parametrize("stabilised", [False, True])
def test_we_read_what_peft_saves(pipe, base, stabilised: bool, tmp_path) -> None:
    unet = trained(pipe.unet, TARGETS, use_rslora=stabilised)
    text_encoder = trained(pipe.text_encoder, TEXT_TARGETS, use_rslora=stabilised)
    unet.save_pretrained(tmp_path)
    text_encoder.save_pretrained(tmp_path / "text_encoder")
    found = read(tmp_path, [base])
    assert found.source is Format.PEFT
    assert_equal(found, unet, text_encoder)


@pytest.fixture
def states(pipe) -> tuple[Any, Any, Any, Any]:
    unet, text_encoder = trained(pipe.unet, TARGETS), trained(pipe.text_encoder, TEXT_TARGETS)
    plain = [
        {key.removeprefix("base_model.model."): value for key, value in get_peft_model_state_dict(each).items()}
        for each in (unet, text_encoder)
    ]
    return unet, text_encoder, *plain


def test_we_read_what_diffusers_saves(base, states, tmp_path) -> None:
    unet, text_encoder, unet_state, text_state = states
    StableDiffusionPipeline.save_lora_weights(
        tmp_path,
        unet_lora_layers=unet_state,
        text_encoder_lora_layers=text_state,
        unet_lora_adapter_metadata=unet.peft_config["default"].to_dict(),
        text_encoder_lora_adapter_metadata=text_encoder.peft_config["default"].to_dict(),
    )
    assert_equal(read(tmp_path, [base]), unet, text_encoder)


def test_we_read_what_diffusers_own_converter_still_writes(base, states, tmp_path) -> None:
    _, _, unet_state, text_state = states
    old = {f"unet.{key}": value for key, value in convert_state_dict_to_diffusers(unet_state).items()}
    old |= {f"text_encoder.{key}": value for key, value in convert_state_dict_to_diffusers(text_state).items()}
    save_file(old, tmp_path / "old.safetensors")
    save_file({f"unet.{key}": value for key, value in unet_state.items()}, tmp_path / "new.safetensors")
    found, wanted = read(tmp_path / "old.safetensors", [base]), read(tmp_path / "new.safetensors", [base])
    assert found.source is Format.DIFFUSERS
    assert same(Adapter(modules=found.of("unet"), bases=found.bases), wanted)
    assert len(found.of("text_encoder")) == len(text_state) / 2


def test_we_read_the_kohya_names_of_diffusers_converter(base, states, tmp_path) -> None:
    _, _, unet_state, text_state = states
    state = {f"unet.{key}": value for key, value in unet_state.items()}
    state |= {f"text_encoder.text_model.{key}": value for key, value in text_state.items()}
    save_file(convert_state_dict_to_kohya(state), Path(tmp_path) / "kohya.safetensors")
    found = read(tmp_path / "kohya.safetensors", [base])
    assert found.source is Format.KOHYA
    assert len(found.modules) == len(state) / 2
