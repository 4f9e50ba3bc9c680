"""Jobs of the tiny model, resolved as a studio does it, and nothing of them is left to chance."""

from dataclasses import replace
from typing import Any, Final

from animegen.lora_files import Inventory, Offer
from animegen.models.table import ModelRow
from animegen.models.tokens import Tokens
from animegen.pipelines.job import Job
from animegen.studio.resolve import Model, resolve
from animegen.tasks import Task
from tests import tiny

ROW: Final = replace(tiny.ROW, lcm_lora=Offer(name="lcm", label="tiny", bases=("tiny",)))
"""The tiny model's row with every sampler on offer."""
SETTINGS: Final[dict[str, Any]] = {
    "prompt": "girl",
    "negative_prompt": "red",
    "steps": 5,
    "guidance_scale": 5.0,
    "sampler": "DPM++ 2M",
    "seed": 7,
}
"""Fields that every request has, set to what the tests compare plain diffusers with."""


def job(request: Task, row: ModelRow = ROW, **changes: Any) -> Job[Any]:
    """Return the job of a request that names no LoRA, with some of its fields changed."""
    model = Model(row=row, tokens=Tokens(tiny.tokenizer()), loras=Inventory())
    return replace(resolve(model, request, random_seed=7), **changes)
