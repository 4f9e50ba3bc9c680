"""Every task to what draws it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from animegen.pipelines import animation, canny, emotion_path, expression_sheet, image_to_image, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Stages
from animegen.pipelines.job import Job
from animegen.tasks import Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Request, TextToImage

PIPELINES: Final[Mapping[type[Request], Callable[[Engine, Job[Any]], Stages]]] = {
    TextToImage: text_to_image.draw,
    ImageToImage: image_to_image.draw,
    Canny: canny.draw,
    EmotionPath: emotion_path.draw,
    Animation: animation.draw,
    ExpressionSheet: expression_sheet.draw,
}


def draw(engine: Engine, job: Job[Any]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch. Raises DrawingFailed."""
    return PIPELINES[type(job.request)](engine, job)
