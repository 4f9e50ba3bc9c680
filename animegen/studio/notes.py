"""What a person should know of a request before it is drawn."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from animegen.messages import Message, message
from animegen.pipelines import samplers
from animegen.pipelines.job import Job
from animegen.prompts.notes import shorten
from animegen.tasks import Animation, EmotionPath, ImageToImage, Request

if TYPE_CHECKING:
    from animegen.models.tokens import Tokens


def notes(tokens: "Tokens", job: Job[Any], *, negative_requested: bool) -> Iterator[Message]:
    """Yield the notes about the numbers of a job; ``negative_requested`` says whether a person ruled something out."""
    guided = job.guidance_scale > 1
    if negative_requested and not guided:
        yield message("studio.no_guidance")
    if guided and (unread := tokens.overflow(job.negative)):
        yield message("studio.negative_overflow", words=shorten([unread]))
    for strength in strengths(job.request):
        yield from strength_notes(job.steps, strength)
    if isinstance(job.request, EmotionPath) and job.request.shared_steps:
        yield message("studio.shared_steps")


def strengths(request: Request) -> tuple[float, ...]:
    """Return the denoising strengths of a request, none where it begins with no picture."""
    match request:
        case ImageToImage(strength=strength):
            return (strength,)
        case EmotionPath(strength=strength, image=image) if image is not None:
            return (strength,)
        case Animation(first_strength=first, last_strength=last):
            return tuple(dict.fromkeys((first, last)))
    return ()


def strength_notes(steps: int, strength: float) -> Iterator[Message]:
    """Yield how many of the steps are drawn at a strength, and the strength that this really is where it is another."""
    drawn = samplers.drawn(steps, strength)
    yield message("studio.steps_drawn", strength=f"{strength:g}", drawn=drawn, steps=steps)
    if drawn / steps - strength > 0.1 or round(steps * strength) < drawn:
        real = f"{drawn / steps:.2g}"
        yield message("studio.too_few_steps", steps=steps, strength=f"{strength:g}", real=real)
