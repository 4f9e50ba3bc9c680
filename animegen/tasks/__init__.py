"""What can be asked for and what comes back: frozen values that page, command line, API and batch share.

A task checks types and ranges the moment it is built; what depends on the model or on the tables
(size step, names of emotions, styles, presets and samplers) is checked by the studio before it draws.
Its ``stills`` are the requests whose words it draws, its ``singles`` those of each of its pictures alone.
"""

from animegen.tasks.canny import Canny
from animegen.tasks.checks import MAX_PROMPT, MAX_SEED
from animegen.tasks.loras import Lora
from animegen.tasks.paths import Animation, EmotionPath
from animegen.tasks.request import Request, asked
from animegen.tasks.results import TASKS, Picture, Preview, Task
from animegen.tasks.sheets import ExpressionSheet
from animegen.tasks.stills import ImageToImage, Still, TextToImage

__all__ = [
    "MAX_PROMPT",
    "MAX_SEED",
    "TASKS",
    "Animation",
    "Canny",
    "EmotionPath",
    "ExpressionSheet",
    "ImageToImage",
    "Lora",
    "Picture",
    "Preview",
    "Request",
    "Still",
    "Task",
    "TextToImage",
    "asked",
]
