"""The recipe of a training run: what every run has, whatever is trained; each field is documented where it stands."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Recipe(BaseModel):
    """How one network is trained. Unknown keys are refused; with the seed it decides every batch and every draw.

    A kind of training adds what it alone has in a subclass.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    steps: int = Field(gt=0, description="Optimizer steps in all; the most of them where `seconds` is set.")
    seconds: float = Field(
        default=0, ge=0, description="Time for the run: once its speed is known, steps become what fits; 0 is no limit."
    )
    batch_size: int = Field(gt=0, description="Samples a step.")
    optimizer: Literal["adamw", "muon"] = Field(default="adamw", description="Muon trains full weights in fewer steps.")
    learning_rate: float = Field(gt=0, description="Peak rate, held between warm-up and decay.")
    warmup_steps: int = Field(default=100, ge=0, description="Steps in which the rate climbs from 0.")
    decay_steps: int = Field(default=0, ge=0, description="Last steps, in which the rate falls linearly to 0.")
    weight_decay: float = Field(default=0.01, ge=0, description="Decoupled decay, times the rate.")
    max_grad_norm: float = Field(default=1.0, gt=0, description="Gradients are clipped to this norm.")
    ema_decay: float = Field(default=0.999, ge=0, lt=1, description="Decay of the averaged weights; 0 switches off.")
    precision: Literal["float32", "bfloat16"] = Field(
        default="float32", description="Of the arithmetic; the weights are float32 in any case."
    )
    compiled: bool = Field(default=False, description="Fuse the network's operations; needs a C++ compiler.")
    seed: int = Field(default=0, ge=0, description="Of the data order and of all noise.")
    checkpoint_steps: int = Field(default=500, gt=0, description="A checkpoint each so many steps.")
    log_steps: int = Field(default=50, gt=0, description="A line of metrics each so many steps.")


def rate(recipe: Recipe, step: int) -> float:
    """Return the learning rate of ``step`` (from 0): warm-up, a plateau, a linear decay.

    A plateau lets a finished run be extended from a checkpoint before its decay (Hu et al. 2024, MiniCPM, section 4).
    """
    warm = min(1.0, (step + 1) / max(1, recipe.warmup_steps))
    cool = min(1.0, (recipe.steps - step) / max(1, recipe.decay_steps))
    return recipe.learning_rate * min(warm, cool)
