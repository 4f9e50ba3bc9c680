"""Text to image: a resolved task in, the latents after each step and at last the pictures out."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from PIL import Image
from torch import Tensor

from animegen.errors import DrawingFailed
from animegen.models.loading import Parts
from animegen.pipelines import diffusion, preview, samplers
from animegen.pipelines.diffusion import Conditioning
from animegen.pipelines.encoding import PromptEncoder
from animegen.pipelines.preview import PreviewMap
from animegen.tasks import TextToImage


@dataclass(frozen=True, slots=True)
class Progress:
    """``step`` of ``steps`` is done; ``images`` shows roughly what is there so far."""

    step: int
    steps: int
    latents: Tensor
    colours: PreviewMap | None

    def images(self) -> tuple[Image.Image, ...]:
        """Return a small rough picture for each of the batch, or nothing where the model has no preview."""
        return self.colours.images(self.latents) if self.colours else ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """The finished pictures of a batch, in the order of their seeds."""

    images: tuple[Image.Image, ...]


class TextToImagePipeline:
    """Draws with one model's parts; it holds no state of a request, and one thread at a time may draw."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.encoder = PromptEncoder(parts)
        self._colours = preview.load(parts.folder)

    def draw(self, task: TextToImage) -> Generator[Progress | Drawn, None, None]:
        """Yield Progress after each step and Drawn at the end; everything in ``task`` is filled.

        Without guidance (a scale of at most 1) the negative prompt does nothing and is not encoded.
        Raises DrawingFailed when memory runs out or the result is not a picture.
        """
        with _memory_explained():
            sources = diffusion.generators(task.seed, task.count)
            latents = diffusion.noise(self.parts, task.width, task.height, sources)
            device = self.parts.placement.device
            scheduler = samplers.build(task.sampler, self.parts.scheduler_config, task.steps, device)
            path = diffusion.denoise(self.parts, scheduler, self._conditioning(task), latents, sources)
            for step, latents in enumerate(path, start=1):
                yield Progress(step, task.steps, latents, self._colours)
            yield Drawn(tuple(diffusion.decode(self.parts, latents)))

    def _conditioning(self, task: TextToImage) -> Conditioning:
        positive = self.encoder.encode(task.final_prompt)
        if task.guidance_scale <= 1:
            return Conditioning(positive, None)
        return Conditioning(positive, self.encoder.encode(task.negative_prompt), task.guidance_scale)


@contextmanager
def _memory_explained() -> Iterator[None]:
    """Turn running out of memory, on a GPU or a CPU, into a sentence, and give the GPU's memory back."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as problem:
        if isinstance(problem, RuntimeError) and not _is_memory(problem):
            raise
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        raise DrawingFailed(
            "There is not enough memory for this; choose a smaller size or fewer pictures."
        ) from problem


def _is_memory(problem: RuntimeError) -> bool:
    """Say whether torch ran out of memory; its CPU allocator has no exception of its own, only these words."""
    return isinstance(problem, torch.OutOfMemoryError) or "can't allocate memory" in str(problem)
