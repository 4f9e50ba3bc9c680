"""The recipe of an adapter (LoRA and its relatives), as it stands in a YAML file; every field is documented here."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from animegen.datasets.recipe import DataRecipe
from animegen.lora_files.bases import Part

Method = Literal["lora", "rslora", "dora", "lokr", "oft"]
Targets = Literal["attention", "attention+out", "attention+mlp", "kohya"]
Initialization = Literal["default", "gaussian", "orthogonal", "pissa", "olora"]


class Section(BaseModel):
    """A section of a recipe. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AdapterSettings(Section):
    """What is trained beside the frozen weights."""

    method: Method = Field(
        default="lora",
        description="lora (2106.09685), rslora (2312.03732), dora (2402.09353), lokr (2309.14859), oft (2306.07280). "
        "What other programs cannot read is converted to a LoRA at export.",
    )
    rank: int = Field(default=32, ge=1, le=1024, description="Rank of the difference; of OFT, the size of its blocks.")
    alpha: float = Field(
        default=32, gt=0, description="The difference is scaled by alpha / rank (rsLoRA: alpha / sqrt(rank))."
    )
    dropout: float = Field(default=0.1, ge=0, lt=1, description="Share of the adapter's inputs left out in training.")
    targets: Targets = Field(
        default="attention",
        description="attention: to_q, to_k, to_v. attention+out: also to_out.0. attention+mlp: also the feed-forward "
        "layers. kohya: all linear layers of the transformer blocks, proj_in and proj_out included.",
    )
    parts: tuple[Part, ...] = Field(default=("unet",), min_length=1, description="Networks that get an adapter.")
    initialization: Initialization = Field(
        default="default", description="pissa (2404.02948) and olora (2406.01775) change the base; export undoes that."
    )
    init_from: Path | None = Field(default=None, description="A LoRA file of the same shape to begin with.")


class OptimizerSettings(Section):
    """How the adapter's weights are changed."""

    name: Literal["adamw", "adamw8bit", "prodigy"] = Field(
        default="adamw",
        description="adamw8bit needs bitsandbytes and CUDA; prodigy needs prodigyopt and a rate near 1.",
    )
    learning_rate: float = Field(default=1e-4, gt=0, description="Peak rate of the UNet's adapter.")
    text_encoder_learning_rate: float | None = Field(
        default=None, gt=0, description="Peak rate of the text encoder's adapter; unset is that of the UNet's."
    )
    weight_decay: float = Field(default=0.01, ge=0, description="Decoupled decay, times the rate.")
    max_grad_norm: float = Field(default=1.0, gt=0, description="Gradients are clipped to this norm.")
    schedule: Literal["constant", "linear", "cosine", "cosine_with_restarts"] = Field(
        default="linear", description="How the rate falls to 0 after warm-up."
    )
    warmup: Annotated[int, Field(ge=0)] | Annotated[float, Field(ge=0, lt=1)] = Field(
        default=100, description="Steps in which the rate climbs from 0; below 1, their share of all steps."
    )
    restarts: int = Field(default=1, ge=1, description="Cycles of cosine_with_restarts.")
    ema_decay: float = Field(
        default=0.0, ge=0, lt=1, description="Decay of averaged weights, which are exported; 0 is off."
    )


class LossSettings(Section):
    """What is minimised."""

    weighting: Literal["uniform", "min_snr", "min_snr_velocity", "debiased"] = Field(
        default="min_snr",
        description="Weight of a timestep: min_snr (2303.09556), debiased (2310.08442); min_snr_velocity is min_snr "
        "that learns from pure noise, too, where a v-prediction model decides a picture's colours.",
    )
    gamma: float = Field(default=5.0, gt=0, description="Of min_snr.")


class SampleSettings(Section):
    """Pictures drawn during the run, always by the same seeds."""

    prompts: tuple[str, ...] = Field(default=(), description="A picture each after an epoch; the trigger is not added.")
    every_epochs: int = Field(default=1, ge=1, description="Draw after every so many epochs, and before the first.")
    seed: int = Field(default=0, ge=0, description="Seed of the first prompt; the next have the following.")


class AdapterRecipe(Section):
    """A training run of an adapter: with the base's and the pictures' bytes it decides every number of the result."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", description="Name of the LoRA and of its files.")
    base: str = Field(
        default="chibi", description="The base: a row of `animegen models`, a folder, or a repository of the Hub."
    )
    data: DataRecipe
    adapter: AdapterSettings = AdapterSettings()
    optimizer: OptimizerSettings = OptimizerSettings()
    loss: LossSettings = LossSettings()
    samples: SampleSettings = SampleSettings()
    epochs: int = Field(default=20, ge=1, description="Times the data is gone through, repeats included.")
    max_steps: int | None = Field(default=None, ge=1, description="Ends the run before its epochs do.")
    batch_size: int = Field(default=1, ge=1, description="Samples in memory at once, of one process.")
    accumulation: int = Field(default=1, ge=1, description="Batches summed up for one step.")
    precision: Literal["auto", "float32", "float16", "bfloat16"] = Field(
        default="auto", description="Of the arithmetic; auto is what the device is good at, float32 on a CPU."
    )
    gradient_checkpointing: bool = Field(default=False, description="Less memory, a third more time.")
    seed: int = Field(default=42, ge=0, description="Of the data order and of all noise.")
    checkpoint_epochs: int = Field(
        default=5, ge=1, description="A checkpoint and an epoch's LoRA every so many epochs."
    )
    time_limit: float | None = Field(
        default=None, gt=0, description="Minutes after which the run stops with a checkpoint."
    )
    author: str = Field(default="", description="Author named in the files' metadata.")
    licence: str = Field(default="", description="Licence of the LoRA; empty is that of its base.")
    description: str = Field(default="", description="What the LoRA is, in a sentence.")
