"""The networks of chibi as untrained diffusers and transformers classes: a Stable Diffusion, small."""

from typing import Final

from diffusers import AutoencoderKL, DPMSolverMultistepScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

SIZE: Final = 384
"""Side of chibi's pictures, in pixels."""
FACTOR: Final = 8
"""Pixels a latent, along a side."""
LATENT_CHANNELS: Final = 8
TEXT_WIDTH: Final = 192
TOKENS: Final = 77


def autoencoder() -> AutoencoderKL:
    """Return an untrained autoencoder of 2.6 M parameters: 384 px to 48x48 latents of 8 channels."""
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(16, 32, 64, 128),
        layers_per_block=1,
        latent_channels=LATENT_CHANNELS,
        norm_num_groups=8,
        mid_block_add_attention=False,
        sample_size=SIZE,
    )


def text_encoder(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Return an untrained text encoder for the tokenizer's vocabulary: 3 layers of width 192."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=TEXT_WIDTH,
            intermediate_size=4 * TEXT_WIDTH,
            projection_dim=TEXT_WIDTH,
            num_hidden_layers=3,
            num_attention_heads=6,
            max_position_embeddings=TOKENS,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def unet() -> UNet2DConditionModel:
    """Return an untrained UNet of 10 M parameters, with attention where faces are decided: at 24x24, 12x12 and 6x6.

    At 48x48 it is narrow and pays no attention: there it only folds the latents for the levels below, as a patch
    embedding does, and draws a picture in the time that 24x24 latents take.
    """
    return UNet2DConditionModel(
        sample_size=SIZE // FACTOR,
        in_channels=LATENT_CHANNELS,
        out_channels=LATENT_CHANNELS,
        down_block_types=("DownBlock2D", *("CrossAttnDownBlock2D",) * 3),
        up_block_types=(*("CrossAttnUpBlock2D",) * 3, "UpBlock2D"),
        block_out_channels=(32, 96, 128, 160),
        layers_per_block=1,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=4,  # diffusers' name for the number of heads
        norm_num_groups=16,
    )


def scheduler() -> DPMSolverMultistepScheduler:
    """Return the sampler that the weights folder names: DPM++ 2M on SD's betas, for v-prediction.

    The last step is pure noise (Lin et al. 2024, "Common Diffusion Noise Schedules and Sample Steps Are Flawed",
    section 3.1): else a large picture's mean shows through, training never has to take it from the words, and no
    background becomes dark or bright enough.
    """
    return DPMSolverMultistepScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        steps_offset=1,  # changes no trailing step; diffusers' pipeline warns of any other
    )
