"""How gentle a drawing can be that begins with a picture: its strength counts in whole steps."""

from collections.abc import Iterator

from animegen.pipelines import samplers
from animegen.tasks import Animation, EmotionPath, ImageToImage, Task


def of(task: Task) -> tuple[float, ...]:
    """Return the strengths with which a task draws a picture anew, none where it begins with no picture."""
    match task:
        case ImageToImage(strength=strength):
            return (strength,)
        case EmotionPath(strength=strength, image=image) if image is not None:
            return (strength,)
        case Animation(first_strength=first, last_strength=last):
            return tuple(dict.fromkeys((first, last)))
    return ()


def remarks(steps: int, strength: float) -> Iterator[str]:
    """Yield how many of the steps are drawn at a strength, and that these cannot be so gentle where that is so."""
    drawn = samplers.drawn(steps, strength)
    yield f"At strength {strength:g}, {drawn} of {steps} steps are drawn."
    if drawn / steps - strength > 0.1 or round(steps * strength) < drawn:
        yield (
            f"So few steps ({steps}) cannot be as gentle as strength {strength:g}; "
            f"they draw as strength {drawn / steps:.2g} does. Choose more steps."
        )
