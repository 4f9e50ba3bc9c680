"""Plain diffusers as its manual has it: on weights of its own, float32 on a CPU, half precision on a GPU."""

from typing import Any

import torch
from diffusers import StableDiffusionPipeline
from torch import Tensor

from animegen.models.loading import Parts
from animegen.pipelines import samplers
from animegen.pipelines.job import Job


def dtype(parts: Parts) -> torch.dtype:
    """Return the number format that plain diffusers computes in on the device of a model's parts."""
    return torch.float32 if parts.placement.device.type == "cpu" else parts.placement.dtype


def pipeline(parts: Parts, job: Job[Any], kind: Any = StableDiffusionPipeline, **networks: Any) -> Any:
    """Return diffusers' pipeline of that kind for a job; ``networks`` are what the model's folder lacks."""
    pipe = kind.from_pretrained(
        parts.folder, safety_checker=None, local_files_only=True, dtype=dtype(parts), **networks
    ).to(parts.placement.device)
    pipe.scheduler = samplers.build(job.sampler, parts.scheduler_config, job.steps)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def sampling(job: Job[Any]) -> dict[str, Any]:
    """Return what every pipeline of diffusers takes of a job."""
    return {
        "negative_prompt": job.negative,
        "num_inference_steps": job.steps,
        "guidance_scale": job.guidance_scale,
    }


def noise(pipe: Any, job: Job[Any]) -> Tensor:
    """Return the noise that the studio begins a job with, for a pipeline of diffusers to begin with too."""
    scale = pipe.vae_scale_factor
    shape = (1, pipe.unet.config.in_channels, job.height // scale, job.width // scale)
    drawn = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(job.seed))
    return drawn.to(pipe.unet.device, pipe.unet.dtype)
