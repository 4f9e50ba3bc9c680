"""What can be requested and what comes back: frozen values that page, command line, API and batch share.

A request holds what was requested, and None where nothing was; it checks types and ranges the moment it is built. What
depends on the model or on the tables (size step, names of emotions, styles, presets and samplers) is checked by the
studio, which resolves a request to a job. ``prompts()`` are the requests whose words a task draws, ``singles()``
those of each of its pictures alone.
"""

from animegen.tasks.fields import Field, Group, field, fields
from animegen.tasks.frames import FILMS, Animation, EmotionPath
from animegen.tasks.kinds import MAX_PROMPT
from animegen.tasks.loras import Lora
from animegen.tasks.request import FITS, MAX_SEED, Request
from animegen.tasks.results import TASKS, Picture, Preview, Task
from animegen.tasks.rows import read_row
from animegen.tasks.sheets import NEUTRAL, ExpressionSheet
from animegen.tasks.stills import IMAGE_KINDS, LINES, Canny, ImageToImage, Still, TextToImage

__all__ = [
    "FILMS",
    "FITS",
    "IMAGE_KINDS",
    "LINES",
    "MAX_PROMPT",
    "MAX_SEED",
    "NEUTRAL",
    "TASKS",
    "Animation",
    "Canny",
    "EmotionPath",
    "ExpressionSheet",
    "Field",
    "Group",
    "ImageToImage",
    "Lora",
    "Picture",
    "Preview",
    "Request",
    "Still",
    "Task",
    "TextToImage",
    "field",
    "fields",
    "read_row",
]
