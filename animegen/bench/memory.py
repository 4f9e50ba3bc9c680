"""B7: what words, a picture, edges and emotions in turn take of memory: by one studio, and by separate pipelines.

Plain diffusers has three pipelines for these four tasks (words draw the frames of a path too), each loaded with weights
of its own. Both ways run in a fresh process, so that their peaks do not mix.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import StableDiffusionControlNetPipeline, StableDiffusionImg2ImgPipeline, StableDiffusionPipeline
from PIL import Image, ImageDraw
from torch import nn

from animegen.bench import sd15
from animegen.bench.sd15 import Sizes
from animegen.models.device import Placement, hardware, place
from animegen.models.loading import Parts
from animegen.pipelines import samplers
from animegen.studio import Studio
from animegen.tasks import Canny, EmotionPath, ImageToImage, Task, TextToImage

STEPS: Final = 1
STRENGTH: Final = 0.5
"""Image to image takes two steps, of which one is drawn."""
FRAMES: Final = 2
STATUS: Final = Path("/proc/self/status")


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Bytes of the weights, each storage once, and of all memory at the peak beyond what there was before them.

    ``peak`` is None where the system does not report it.
    """

    weights: int
    peak: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryRow:
    """What all tasks in turn take both ways."""

    task: str
    plain: Taken
    ours: Taken


def measure(sizes: Sizes | None = None) -> MemoryRow:
    """Run all tasks both ways on a model of these sizes, Stable Diffusion 1.5 by default."""
    sizes, side = dict(sizes or sd15.sizes()), _side(placement())
    return MemoryRow(
        task=f"text, picture, canny, emotion path in turn, {side}x{side}, {sizes['row']['label']}; no LoRA switched",
        plain=_alone(separate, sizes, side),
        ours=_alone(together, sizes, side),
    )


def together(sizes: Sizes, side: int) -> Taken:
    """Run the tasks by one studio, which owns one set of parts."""
    before, parts = _resident("VmRSS"), sd15.parts(sizes, placement())
    studio = Studio(parts.row, lambda _: parts)
    studio.engine.controlnet = sd15.controlnet(parts)
    for task in tasks(side):
        studio.pictures(task)
    networks = parts.unet, parts.vae, parts.text_encoder, studio.engine.controlnet
    return Taken(weights=stored(networks), peak=_peak(before))


def separate(sizes: Sizes, side: int) -> Taken:
    """Run the tasks by plain diffusers, each pipeline loaded by itself."""
    before, edges, parts = _resident("VmRSS"), _drawing(side), partial(sd15.parts, sizes, placement())
    text = _pipeline(StableDiffusionPipeline, parts())
    picture = _pipeline(StableDiffusionImg2ImgPipeline, parts())
    canny = _pipeline(StableDiffusionControlNetPipeline, led := parts(), controlnet=sd15.controlnet(led))
    sized = {"guidance_scale": 1.0, "width": side, "height": side, "num_inference_steps": STEPS}
    text("girl", **sized)
    picture("girl", image=edges, strength=STRENGTH, guidance_scale=1.0, num_inference_steps=2 * STEPS)
    canny("girl", image=edges, **sized)
    for _ in range(FRAMES):
        text("girl", **sized)
    networks = [each for pipe in (text, picture, canny) for each in pipe.components.values()]
    return Taken(weights=stored(each for each in networks if isinstance(each, nn.Module)), peak=_peak(before))


def tasks(side: int) -> tuple[Task, ...]:
    """Return a short request of each kind, its pictures of this side."""
    asked: dict[str, Any] = {"prompt": "girl", "steps": STEPS, "guidance_scale": 1.0, "seed": 0}
    asked |= {"width": side, "height": side}
    edges = _drawing(side)
    return (
        TextToImage(**asked),
        ImageToImage(image=edges, strength=STRENGTH, **asked | {"steps": 2 * STEPS}),
        Canny(image=edges, image_kind="edges", **asked),
        EmotionPath(frames=FRAMES, **asked),
    )


def stored(networks: Iterable[nn.Module]) -> int:
    """Return the bytes behind all parameters and buffers, what several of them share counted once."""
    tensors = (each for network in networks for each in (*network.parameters(), *network.buffers()))
    storages = {each.data_ptr(): each for each in (tensor.untyped_storage() for tensor in tensors)}
    return sum(each.nbytes() for each in storages.values())


def placement() -> Placement:
    """Return this machine's device with half precision, which is how such a model is drawn with where it counts."""
    found = place(hardware())
    dtype = torch.bfloat16 if found.device.type == "cpu" else found.dtype
    return Placement(device=found.device, dtype=dtype, reason=found.reason)


def _alone(way: Callable[[Sizes, int], Taken], sizes: Sizes, side: int) -> Taken:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(way, sizes, side).result()


def _pipeline(kind: Any, parts: Parts, **networks: Any) -> Any:
    pipe = kind(
        vae=parts.vae,
        text_encoder=parts.text_encoder,
        tokenizer=parts.tokenizer,
        unet=parts.unet,
        scheduler=samplers.build("DPM++ 2M", parts.scheduler_config, STEPS),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
        **networks,
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _drawing(side: int) -> Image.Image:
    image = Image.new("RGB", (side, side))
    ImageDraw.Draw(image).ellipse((side // 4, side // 4, side // 2, side // 2), outline="white")
    return image


def _side(where: Placement) -> int:
    """Return the side of the pictures: the model's own on a GPU, a quarter on a CPU, where it would take minutes."""
    return 128 if where.device.type == "cpu" else 512


def _peak(before: int | None) -> int | None:
    """Return the most bytes that were in use at once: on the GPU, else in the process beyond those before."""
    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    most = _resident("VmHWM")
    return None if most is None or before is None else most - before


def _resident(field: str) -> int | None:
    """Return a number of bytes that Linux reports of this process: VmRSS now, VmHWM at its highest."""
    if not STATUS.is_file():
        return None
    lines = dict(line.split(":", 1) for line in STATUS.read_text(encoding="utf-8").splitlines())
    return int(lines[field].split()[0]) * 1024
