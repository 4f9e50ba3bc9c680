"""A tiny Stable Diffusion with random weights, made in code: chibi's classes at a fraction of its size."""

import json
from dataclasses import replace
from pathlib import Path

import torch
from diffusers import (
    AutoencoderKL,
    ControlNetModel,
    DPMSolverMultistepScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import CLIPConfig, CLIPImageProcessor, CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from animegen.messages import message
from animegen.models.controlnet import BASE, FOLDER, weights_hash
from animegen.models.device import Placement
from animegen.models.loading import Parts
from animegen.models.table import ModelRow

ROW = ModelRow(
    name="tiny",
    family="chibi",
    label="tiny (random)",
    source="nowhere",
    embedded=True,
    licence="none",
    forbidden_uses=(),
    lora_base="tiny",
    recognises=True,
    needs_safety_checker=False,
    plain_background=True,
    busts_only=True,
    lora_editions=True,
    prediction_type="v_prediction",
    native_size=64,
    min_size=64,
    max_size=128,
    size_step=32,
    token_limit=75,
    megabytes=1,
)
CONTROLLED = replace(ROW, controlnet="controlnet")
"""The row of a model that has a ControlNet."""
CPU = Placement(device=torch.device("cpu"), dtype=torch.float32, reason=message("models.cpu_float32"))
WIDTH = 16


def parts(folder: Path = Path("nowhere")) -> Parts:
    """Return fresh parts; their weights are the same each time."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        networks = _text_encoder(), _unet(), _vae()
    for network in networks:
        network.eval().requires_grad_(False)
    text_encoder, unet, vae = networks
    return Parts(
        row=ROW,
        placement=CPU,
        folder=folder,
        tokenizer=tokenizer(),
        text_encoder=text_encoder,
        unet=unet,
        vae=vae,
        scheduler_config=dict(scheduler().config),
    )


def parts_with_controlnet(folder: Path) -> Parts:
    """Return fresh parts and write beside them, into ``folder``, a ControlNet of theirs that adds something."""
    made = replace(parts(folder), row=CONTROLLED)
    made.unet.save_pretrained(folder / "unet")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = ControlNetModel.from_unet(made.unet, conditioning_embedding_out_channels=(4, 4, 8, 8))
        for weight in network.parameters():
            if not weight.any():
                torch.nn.init.normal_(weight, std=0.2)
    network.save_pretrained(folder / FOLDER)
    (folder / "record.json").write_text(json.dumps({BASE: weights_hash(folder / "unet")}))
    return made


def pipeline(source: Parts) -> StableDiffusionPipeline:
    """Return diffusers' own pipeline over the same parts."""
    pipe = StableDiffusionPipeline(
        vae=source.vae,
        text_encoder=source.text_encoder,
        tokenizer=source.tokenizer,
        unet=source.unet,
        scheduler=scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def scheduler() -> DPMSolverMultistepScheduler:
    """Return Stable Diffusion's noise schedule with v-prediction."""
    return DPMSolverMultistepScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        steps_offset=1,
    )


def tokenizer() -> CLIPTokenizer:
    """Return a CLIP tokenizer whose words are letters and digits."""
    letters = [chr(code) for code in range(33, 127)]
    words = letters + [letter + "</w>" for letter in letters] + ["<|startoftext|>", "<|endoftext|>"]
    return CLIPTokenizer(vocab={word: index for index, word in enumerate(words)}, merges=[], model_max_length=77)


def _text_encoder() -> CLIPTextModel:
    size = len(tokenizer())
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=size,
            hidden_size=WIDTH,
            intermediate_size=32,
            num_hidden_layers=1,
            num_attention_heads=2,
            max_position_embeddings=77,
            bos_token_id=size - 2,
            eos_token_id=size - 1,
            pad_token_id=size - 1,
        )
    )


def _unet() -> UNet2DConditionModel:
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=8,
        out_channels=8,
        layers_per_block=1,
        block_out_channels=(8, 16),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=WIDTH,
        attention_head_dim=8,
        norm_num_groups=4,
    )


def _vae() -> AutoencoderKL:
    return AutoencoderKL(
        latent_channels=8,
        layers_per_block=1,
        block_out_channels=(4, 4, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        norm_num_groups=2,
        sample_size=64,
    )


def safety_checker(folder: Path, threshold: float) -> Path:
    """Write a random safety checker to a folder; a picture nearer to a concept than the threshold is flagged."""
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    sight, words = {"image_size": 32, "patch_size": 16}, {"vocab_size": 64, "bos_token_id": 0, "eos_token_id": 1}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = CLIPConfig(vision_config=small | sight, text_config=small | words, projection_dim=8)
        network = StableDiffusionSafetyChecker(config)
        for name, weights in network.named_parameters():
            if "embeds_weights" in name:
                weights.data.fill_(threshold if name.startswith("concept") else 2.0)
            else:
                weights.data.normal_()
    (folder / "model_index.json").write_text('{"safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"]}')
    network.save_pretrained(folder / "safety_checker")
    CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32).save_pretrained(folder / "feature_extractor")
    return folder
