"""Stable Diffusion 1.5 and 2 at tiny widths with random weights, as repositories of the Hub hold them.

Classes, configurations and file names are the real ones, and so are the widths of the words, 768 and 1024, by which a
LoRA's base is told. Networks are narrow, and words are single signs.
"""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler, PNDMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
from transformers import CLIPConfig, CLIPImageProcessor, CLIPTextConfig, CLIPTextModel

from tests import tiny

NOISE = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", "steps_offset": 1}
BLOCKS = ("CrossAttnDownBlock2D", "DownBlock2D"), ("UpBlock2D", "CrossAttnUpBlock2D")


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
