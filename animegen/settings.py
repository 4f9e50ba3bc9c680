"""The only reader of the environment: what the person who starts animegen may set."""

import os
from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings of the process, read once from variables that begin with ``ANIMEGEN_``."""

    model_config = SettingsConfigDict(env_prefix="ANIMEGEN_", frozen=True)

    model: str = Field(
        default="auto", description="A name of the model table, a folder, a repository of the Hub, or `auto`."
    )
    zero_gpu: bool = Field(
        default=False,
        validation_alias="SPACES_ZERO_GPU",
        description="Whether this is a Space whose GPU comes with each request; Hugging Face sets it.",
    )
    low_memory: bool = Field(
        default=False, description="Networks take turns on a GPU; pictures are decoded one by one."
    )
    loras: Path | None = Field(default=None, description="A folder of LoRAs, offered beside those of lora_weights/.")
    public: bool = Field(
        default_factory=lambda: "SPACE_ID" in os.environ,
        description="Whether anybody may draw here: then sexual content is refused. A Space is public.",
    )


@cache
def settings() -> Settings:
    """Return the settings of this process.

    Raises pydantic.ValidationError, which names the variable, when one of them is malformed.
    """
    return Settings()
