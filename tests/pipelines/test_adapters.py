"""LoRAs on a model's weights: what they change is what PEFT's own layers change, and nothing of them stays behind."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from peft import PeftModel
from safetensors import safe_open
from transformers import CLIPTextConfig, CLIPTextModel

from animegen.errors import AdapterRefused
from animegen.lora_files import Adapter, Base, Offer, base_of, bases, write_kohya, write_peft
from animegen.models import loading
from animegen.models.loading import Parts
from animegen.models.loras import Loaded, Loras
from animegen.models.table import rows
from animegen.pipelines import adapters
from animegen.pipelines.adapters import Adapters, matched
from tests import tiny
from tests.counting import Counting
from tests.hub.models import LCM_LAYERS
from tests.lora_files.making import adapter, kohya_targets, places

pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


def base(parts: Parts) -> Base:
    return base_of("tiny", "tiny", parts.unet.config, parts.text_encoder.config.to_dict())


def loaded(made: Adapter, key: str = "one") -> Loaded:
    return Loaded(key, made)


def everywhere(parts: Parts, alpha: float = 0.1) -> Adapter:
    """A LoRA on every layer there is: linear, convolutions of one and of nine pixels, and the text encoder."""
    return adapter(base(parts), places(base(parts)), rank=3, alpha=alpha)


def state(parts: Parts) -> Mapping[str, torch.Tensor]:
    return {
        f"{part}.{name}": weight.clone()
        for part in ("unet", "text_encoder")
        for name, weight in getattr(parts, part).state_dict().items()
    }


def equal(one: Mapping[str, torch.Tensor], other: Mapping[str, torch.Tensor]) -> bool:
    return all(torch.equal(weight, other[name]) for name, weight in one.items())


@torch.inference_mode()
def passed(unet: Any, width: int, channels: int) -> torch.Tensor:
    """What a UNet says to a fixed latent and fixed words."""
    source = torch.Generator().manual_seed(0)
    latent = torch.randn(2, channels, 8, 8, generator=source)
    words = torch.randn(2, 77, width, generator=source)
    return unet(latent, torch.tensor(500), encoder_hidden_states=words, return_dict=False)[0]


def assert_as_peft(parts: Parts, wanted: list[tuple[Adapter, float]], folder: Path) -> None:
    """Hold one pass against PEFT's unmerged layers; PEFT is given each weight as a part of alpha."""
    width, channels = parts.unet.config.cross_attention_dim, parts.unet.config.in_channels
    active = Adapters(parts)
    active.set_adapters([(loaded(made, str(at)), weight) for at, (made, weight) in enumerate(wanted)])
    ours = passed(parts.unet, width, channels)
    active.set_adapters([])
    plain = passed(parts.unet, width, channels)
    for at, (made, weight) in enumerate(wanted):
        modules = tuple(replace(each, alpha=each.alpha * weight) for each in made.of("unet"))
        write_peft(Adapter(modules=modules, bases=made.bases), folder / str(at), "tiny")
    theirs = PeftModel.from_pretrained(parts.unet, folder / "0", adapter_name="0")
    for at in range(1, len(wanted)):
        theirs.load_adapter(folder / str(at), adapter_name=str(at))
    theirs.base_model.set_adapter([str(at) for at in range(len(wanted))])
    expected = passed(theirs, width, channels)
    assert (expected - plain).abs().max() > 1e-2 * expected.abs().max()
    assert (expected - ours).abs().max() < 1e-5 * expected.abs().max()


def test_a_pass_is_that_of_pefts_unmerged_layers(parts: Parts, tmp_path: Path) -> None:
    assert_as_peft(parts, [(everywhere(parts), 1.0)], tmp_path)


def test_several_at_once_with_weights_of_their_own_are_that_of_pefts_too(parts: Parts, tmp_path: Path) -> None:
    known = base(parts)
    attention = adapter(known, [place for place in places(known) if ".attn" in place[1]], rank=2, alpha=0.3)
    assert_as_peft(parts, [(everywhere(parts), 0.7), (attention, 1.5)], tmp_path)


def test_a_pass_of_chibi_is_that_of_pefts_unmerged_layers(tmp_path: Path) -> None:
    row = rows()["chibi"]
    parts = loading.load(row, tiny.CPU, loading.folder_of(row))
    assert_as_peft(parts, [(adapter("chibi", kohya_targets(bases()["chibi"]), rank=4, alpha=0.05), 0.8)], tmp_path)


# To the bit


def test_what_is_taken_off_leaves_every_weight_as_it_was_to_the_bit(parts: Parts) -> None:
    before, active = state(parts), Adapters(parts)
    active.set_adapters([(loaded(everywhere(parts)), 0.8)])
    assert not equal(before, state(parts))
    active.set_adapters([])
    assert equal(before, state(parts))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_returns_to_the_bit_too_after_fifty_changes(parts: Parts, dtype: torch.dtype) -> None:
    for network in (parts.unet, parts.text_encoder):
        network.to(dtype)
    before, active, one, other = state(parts), Adapters(parts), everywhere(parts), adapter(base(parts))
    for turn in range(50):
        active.set_adapters([(loaded(one, "one"), 0.1 + turn / 50), (loaded(other, "other"), 0.5)][: 1 + turn % 2])
    active.set_adapters([])
    assert equal(before, state(parts))


def test_a_set_does_not_depend_on_what_was_on_before_nor_on_its_order(parts: Parts) -> None:
    one, other = (loaded(everywhere(parts), "one"), 0.8), (loaded(adapter(base(parts)), "other"), 0.5)
    active = Adapters(parts)
    active.set_adapters([one, other])
    first = state(parts)
    active.set_adapters([other])
    active.set_adapters([other, one])
    assert equal(first, state(parts))


def test_a_weight_of_nothing_is_no_lora(parts: Parts) -> None:
    before, active = state(parts), Adapters(parts)
    active.set_adapters([(loaded(everywhere(parts)), 0.0)])
    assert equal(before, state(parts))


def test_sets_are_summed_in_the_order_of_their_contents_and_not_of_their_places(parts: Parts) -> None:
    one, other = everywhere(parts), adapter(base(parts), places(base(parts)), rank=2, alpha=0.3)
    found = []
    for here, there in (("a", "b"), ("b", "a")):
        active = Adapters(parts)
        active.set_adapters([(Loaded(here, one, "1" * 12), 0.8), (Loaded(there, other, "2" * 12), 0.5)])
        found.append(state(parts))
        active.set_adapters([])
    assert equal(*found)


@pytest.fixture
def sums(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """One entry for each weight that is computed."""
    seen: list[Any] = []
    real = adapters._summed
    monkeypatch.setattr(adapters, "_summed", lambda *given: seen.append(given) or real(*given))
    return seen


def test_the_set_that_is_on_is_no_work(parts: Parts, sums: list[Any]) -> None:
    active, made = Adapters(parts), loaded(everywhere(parts))
    active.set_adapters([(made, 0.8)])
    done = len(sums)
    active.set_adapters([(made, 0.8)])
    assert done == len(made.adapter.modules)
    assert len(sums) == done


@pytest.mark.parametrize("problem", [torch.OutOfMemoryError("CUDA"), MemoryError(), KeyboardInterrupt()])
def test_what_goes_wrong_halfway_leaves_nothing_on(
    parts: Parts, problem: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, active, made = state(parts), Adapters(parts), loaded(everywhere(parts))
    real, turns = adapters._summed, iter(range(99))

    def fails(*given: Any) -> Any:
        if next(turns) == 5:
            raise problem
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(adapters, "_summed", fails)
        with pytest.raises(type(problem)):
            active.set_adapters([(made, 0.8)])
    assert equal(before, state(parts))
    active.set_adapters([(made, 0.8)])
    assert not equal(before, state(parts))


def test_weights_past_the_largest_number_are_refused_and_nothing_is_on(parts: Parts) -> None:
    parts.unet.to(torch.float16)
    before, active = state(parts), Adapters(parts)
    with pytest.raises(AdapterRefused, match="choose a smaller weight"):
        active.set_adapters([(loaded(everywhere(parts, alpha=1e6)), 1.0)])
    assert equal(before, state(parts))


def test_a_lora_of_other_layers_is_refused_by_name_before_anything_changes(parts: Parts) -> None:
    before, active, mixed = state(parts), Adapters(parts), everywhere(parts)
    stranger = adapter("sd1").modules[0]
    made = Adapter(modules=(*mixed.modules, stranger), bases=("tiny",))
    with pytest.raises(AdapterRefused, match=stranger.path.replace(".", r"\.")):
        active.set_adapters([(loaded(made), 1.0)])
    assert equal(before, state(parts))


# What a drawing costs


def counted(parts: Parts) -> int:
    with Counting() as counting:
        passed(parts.unet, tiny.WIDTH, 8)
    return counting.calls


def test_a_pass_with_loras_asks_as_much_of_torch_as_one_without(parts: Parts) -> None:
    plain = counted(parts)
    one, other = loaded(everywhere(parts), "one"), loaded(adapter(base(parts)), "other")
    Adapters(parts).set_adapters([(one, 0.8), (other, 0.5)])
    assert counted(parts) == plain > 100


# Stable Diffusion 1.5's own shapes


@pytest.fixture
def sd15() -> Parts:
    """The layers of Stable Diffusion 1.5 without their numbers."""
    with torch.device("meta"):
        unet = UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8)
        text_encoder = CLIPTextModel(
            CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12)
        )
    return replace(tiny.parts(), unet=unet, text_encoder=text_encoder)


def test_kohyas_full_set_of_stable_diffusion_15_finds_all_its_264_layers(sd15: Parts, tmp_path: Path) -> None:
    path = tmp_path / "full.safetensors"
    write_kohya(adapter("sd1", kohya_targets(bases()["sd1"]), rank=1), path)
    with safe_open(path, "np") as file:
        assert len(file.keys()) == 792
    made = Loras(sd15).load(Offer(name="full", label="", bases=("sd1",), path=path)).adapter
    found = matched(sd15, made)
    assert len({weight for weight, _ in found}) == 264
    assert len(made.of("text_encoder")) == 72


def test_an_lcm_lora_of_stable_diffusion_15_finds_all_its_278_layers(sd15: Parts, tmp_path: Path) -> None:
    base, path = bases()["sd1"], tmp_path / "pytorch_lora_weights.safetensors"
    trained = [place for place in places(base) if place[1].endswith(tuple(f".{layer}" for layer in LCM_LAYERS))]
    write_kohya(adapter("sd1", trained, rank=1), path)
    made = Loras(sd15).load(Offer(name="lcm", label="", bases=("sd1",), path=path)).adapter
    assert len({weight for weight, _ in matched(sd15, made)}) == 278
    assert 64 * made.counted()["parameters"] == rows()["sd15"].lazy_parameters["lcm_lora"]
    assert made.of("text_encoder") == ()
