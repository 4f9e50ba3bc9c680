"""Every task to what draws it."""

from collections.abc import Sequence

from animegen.pipelines import animation, canny, emotion_path, expression_sheet, image_to_image, text_to_image
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Stages
from animegen.tasks import Animation, Canny, EmotionPath, ExpressionSheet, ImageToImage, Task, TextToImage


def draw(engine: Engine, task: Task, texts: Sequence[str]) -> Stages:
    """Yield Progress after each step and Drawn at the end of each batch; everything in ``task`` is filled.

    ``texts`` are what the model reads for each of the task's stills. Raises DrawingFailed.
    """
    match task:
        case TextToImage():
            return text_to_image.draw(engine, task)
        case ImageToImage():
            return image_to_image.draw(engine, task)
        case Canny():
            return canny.draw(engine, task)
        case EmotionPath():
            return emotion_path.draw(engine, task, texts)
        case Animation():
            return animation.draw(engine, task, texts)
        case ExpressionSheet():
            return expression_sheet.draw(engine, task, texts)
