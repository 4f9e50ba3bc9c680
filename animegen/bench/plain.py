"""Plain diffusers as its manual has it: on weights of its own, float32 on a CPU, half precision on a GPU."""

from typing import Any

import torch
from diffusers import StableDiffusionPipeline
from torch import Tensor

from animegen.models.loading import Parts
from animegen.pipelines import samplers
from animegen.tasks import Task


def dtype(parts: Parts) -> torch.dtype:
    """Return the number format that plain diffusers computes in on the device of a model's parts."""
    return torch.float32 if parts.placement.device.type == "cpu" else parts.placement.dtype


def pipeline(parts: Parts, task: Task, kind: Any = StableDiffusionPipeline, **networks: Any) -> Any:
    """Return diffusers' pipeline of that kind for a resolved task; ``networks`` are what the model's folder lacks."""
    pipe = kind.from_pretrained(
        parts.folder, safety_checker=None, local_files_only=True, dtype=dtype(parts), **networks
    ).to(parts.placement.device)
    pipe.scheduler = samplers.build(task.sampler, parts.scheduler_config, task.steps)
    pipe.set_progress_bar_config(disable=True)
    return pipe


def sampling(task: Task) -> dict[str, Any]:
    """Return what every pipeline of diffusers takes of a resolved task."""
    return {
        "negative_prompt": task.negative_prompt,
        "num_inference_steps": task.steps,
        "guidance_scale": task.guidance_scale,
    }


def noise(pipe: Any, task: Task) -> Tensor:
    """Return the noise that the studio begins a task with, for a pipeline of diffusers to begin with too."""
    scale = pipe.vae_scale_factor
    shape = (1, pipe.unet.config.in_channels, task.height // scale, task.width // scale)
    drawn = torch.randn(shape, generator=torch.Generator("cpu").manual_seed(task.seed))
    return drawn.to(pipe.unet.device, pipe.unet.dtype)
