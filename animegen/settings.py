"""The only reader of the environment: what the person who starts animegen may set."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Any, Final

from pydantic import DirectoryPath, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from animegen.errors import InvalidSettings

PREFIX: Final = "ANIMEGEN_"
REMEDIES: Final = {
    "bool_parsing": "set it to true or false",
    "path_not_directory": "let it name a folder that exists, or leave it out",
}
"""What to do about a variable, by pydantic's name for what is wrong with it."""


class Settings(BaseSettings):
    """Settings of the process, read once from variables that begin with ``ANIMEGEN_``; an empty one counts as unset."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

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
    loras: DirectoryPath | None = Field(
        default=None, description="A folder of LoRAs, offered beside those of lora_weights/."
    )
    public: bool = Field(
        default_factory=lambda: "SPACE_ID" in os.environ,
        description="Whether anybody may draw here: then sexual content is refused. A Space is public.",
    )


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises InvalidSettings, which names the variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as problem:
        raise InvalidSettings(" ".join(_sentence(dict(each)) for each in problem.errors())) from None


def check_temporary_folder() -> None:
    """Raise InvalidSettings where gradio could not keep pictures, as in a folder that belongs to another user."""
    folder = os.environ.get("GRADIO_TEMP_DIR", "")
    try:
        folder = folder or str(Path(gettempdir(), "gradio"))
        Path(folder).mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as problem:
        where = folder or "any temporary folder"
        raise InvalidSettings(
            f"Nothing can be written into {where}: {problem.strerror}; let GRADIO_TEMP_DIR name a folder of your own."
        ) from problem


def _sentence(problem: Mapping[str, Any]) -> str:
    """Return what is wrong with one variable, and what to do."""
    field = str(problem["loc"][0])
    variable = f"{PREFIX}{field.upper()}" if field in Settings.model_fields else field
    remedy = REMEDIES.get(problem["type"], f"correct it ({problem['msg']})")
    return f"{variable} cannot be {str(problem['input'])[:100]!r}; {remedy}."
