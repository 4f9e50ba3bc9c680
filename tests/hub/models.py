"""Stable Diffusion 1.5 and 2 at tiny widths with random weights, and companions, as repositories of the Hub hold them.

Classes, configurations and file names are the real ones, and so are the widths of the words, 768 and 1024, by which a
LoRA's base is told. Networks are narrow, and words are single signs.
"""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    ControlNetModel,
    DDIMScheduler,
    PNDMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
from safetensors.numpy import save
from transformers import CLIPConfig, CLIPImageProcessor, CLIPTextConfig, CLIPTextModel

from animegen.lora_files import Base, base_of
from animegen.lora_files.key_names import kohya_name
from animegen.models.table import rows
from tests import tiny
from tests.hub.server import Hub
from tests.lora_files.making import module, places

ROW = replace(rows()["sd15"], native_size=64, min_size=64, max_size=128, size_step=16, presets={})
"""The row of Stable Diffusion 1.5 with the sizes of the tiny one."""
assert ROW.lcm_lora is not None
LCM_LORA = ROW.lcm_lora.repository
NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
BLOCKS = ("CrossAttnDownBlock2D", "DownBlock2D"), ("UpBlock2D", "CrossAttnUpBlock2D")


def publish(hub: Hub) -> Hub:
    """Put all that the row names on a Hub."""
    for name, files in (
        (ROW.source, sd15()), (LCM_LORA, lcm_lora()), (ROW.controlnet, controlnet()), (ROW.taesd, taesd()),
    ):  # fmt: skip
        hub.publish(name, files)
    return hub


@cache
def sd15() -> dict[str, bytes]:
    """Return a repository in full and in half precision, with a safety checker."""
    scheduler = PNDMScheduler(**NOISE, skip_prk_steps=True, set_alpha_to_one=False)
    checker = StableDiffusionSafetyChecker(
        CLIPConfig(
            text_config={"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "vocab_size": 2},
            vision_config={"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "patch_size": 112},
            projection_dim=8,
        )
    )
    return _files(_pipeline(768, scheduler, "quick_gelu", checker, attention_head_dim=8), half=True)


@cache
def sd2() -> dict[str, bytes]:
    """Return a repository in full precision, of a model that predicts velocity, as Stable Diffusion 2 does."""
    scheduler = DDIMScheduler(**NOISE, prediction_type="v_prediction", clip_sample=False, set_alpha_to_one=False)
    sizes = {"attention_head_dim": [1, 2], "use_linear_projection": True, "sample_size": 12}
    return _files(_pipeline(1024, scheduler, "gelu", None, **sizes), half=False)


LCM_LAYERS = (
    *("to_q", "to_k", "to_v", "to_out.0", "proj_in", "proj_out", "ff.net.0.proj", "ff.net.2"),
    *("conv1", "conv2", "conv_shortcut", "downsamplers.0.conv", "upsamplers.0.conv", "time_emb_proj"),
)
"""What an LCM-LoRA lies on, by the ends of the layers' names (diffusers, train_lcm_distill_lora_sd_wds.py)."""


def sd15_base() -> Base:
    """Return the layers of the tiny model as LoRA files know them, under the name that the real ones have."""
    files = sd15()
    unet, words = (json.loads(files[f"{part}/config.json"]) for part in ("unet", "text_encoder"))
    return base_of("sd1", "Stable Diffusion 1.x", unet, words)


@cache
def lcm_lora() -> dict[str, bytes]:
    """Return the repository of an LCM-LoRA for the tiny model: kohya's names in diffusers' file, and no metadata."""
    base, tensors = sd15_base(), {}
    for place in places(base):
        if place[1].endswith(tuple(f".{layer}" for layer in LCM_LAYERS)):
            made, name = module(base, place, rank=4, dtype=np.float16), kohya_name(*place)
            tensors |= {f"{name}.lora_down.weight": made.down, f"{name}.lora_up.weight": made.up}
            tensors[f"{name}.alpha"] = np.array(1 / 64, dtype=np.float16)
    return {"README.md": b"# LCM-LoRA\n", "pytorch_lora_weights.safetensors": save(tensors)}


@cache
def taesd() -> dict[str, bytes]:
    """Return the repository of a small decoder for the tiny model."""
    widths, blocks = {"encoder_block_out_channels": [4] * 4, "decoder_block_out_channels": [4] * 4}, [1] * 4
    with torch.random.fork_rng():
        torch.manual_seed(0)
        files = _saved(AutoencoderTiny(**widths, num_encoder_blocks=blocks, num_decoder_blocks=blocks))
    config = json.loads(files["config.json"])
    del config["block_out_channels"]  # which diffusers writes today, and warns of when it reads it
    return files | {"config.json": json.dumps(config).encode()}


@cache
def controlnet() -> dict[str, bytes]:
    """Return the repository of a ControlNet for the tiny model that adds something."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = ControlNetModel.from_unet(
            _unet(768, attention_head_dim=8), conditioning_embedding_out_channels=[4, 4, 8, 8]
        )
        for weight in network.parameters():
            if not weight.any():
                torch.nn.init.normal_(weight, std=0.2)
    return _saved(network)


def _pipeline(width: int, scheduler: Any, act: str, checker: Any, **unet: Any) -> StableDiffusionPipeline:
    tokenizer = tiny.tokenizer()
    words = {"bos_token_id": len(tokenizer) - 2, "eos_token_id": len(tokenizer) - 1, "hidden_act": act}
    layers = {"num_hidden_layers": 1, "num_attention_heads": width // 64, "intermediate_size": 8}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return StableDiffusionPipeline(
            tokenizer=tokenizer,
            text_encoder=CLIPTextModel(
                CLIPTextConfig(vocab_size=len(tokenizer), hidden_size=width, projection_dim=width, **words, **layers)
            ),
            unet=_unet(width, **unet),
            vae=AutoencoderKL(
                block_out_channels=[4, 4, 4, 4],
                down_block_types=["DownEncoderBlock2D"] * 4,
                up_block_types=["UpDecoderBlock2D"] * 4,
                latent_channels=4,
                norm_num_groups=2,
            ),
            scheduler=scheduler,
            safety_checker=checker,
            feature_extractor=CLIPImageProcessor() if checker else None,
            requires_safety_checker=checker is not None,
        )


def _unet(width: int, **sizes: Any) -> UNet2DConditionModel:
    down, up = BLOCKS
    shape = {"sample_size": 8, "block_out_channels": [8, 16], "layers_per_block": 1, "norm_num_groups": 4} | sizes
    return UNet2DConditionModel(down_block_types=down, up_block_types=up, cross_attention_dim=width, **shape)


def _saved(network: Any) -> dict[str, bytes]:
    """Return what diffusers saves of one network."""
    with TemporaryDirectory() as place:
        network.save_pretrained(place)
        return {path.name: path.read_bytes() for path in Path(place).iterdir()}


def _files(pipeline: StableDiffusionPipeline, *, half: bool) -> dict[str, bytes]:
    """Return what diffusers saves, the tokenizer as the old files that the real repositories have."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        pipeline.save_pretrained(folder)
        if half:
            pipeline.to(dtype=torch.float16).save_pretrained(folder, variant="fp16")
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    told = json.loads(files.pop("tokenizer/tokenizer.json"))["model"]
    files["tokenizer/vocab.json"] = json.dumps(told["vocab"]).encode()
    files["tokenizer/merges.txt"] = b"#version: 0.2\n"
    return files
