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
from animegen.messages import Message, Text, message

PREFIX: Final = "ANIMEGEN_"
REMEDIES: Final = {
    "bool_parsing": message("settings.must_be_boolean"),
    "path_not_directory": message("settings.must_be_folder"),
}
"""What to do about a variable, by pydantic's name for what is wrong with it; another problem is shown as pydantic's."""


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
        default=False,
        description="Keep on the GPU only the networks in use, and decode pictures one by one.",
    )
    loras: DirectoryPath | None = Field(
        default=None, description="A folder of LoRAs, offered with those of lora_weights/."
    )
    runs: Path = Field(
        default=Path("runs"), description="The folder of training runs that the page shows on one's own machine."
    )
    public: bool = Field(
        default_factory=lambda: "SPACE_ID" in os.environ or os.environ.get("GRADIO_SHARE", "").lower() == "true",
        description="Whether anybody may draw here: then sexual content is refused. A Space is public, and a page that "
        "gradio shares.",
    )

    @property
    def own_runs(self) -> Path | None:
        """The folder of runs that the page may show: none where the page is public or its GPU is lent."""
        return None if self.public or self.zero_gpu else self.runs


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises InvalidSettings, which names the variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as problem:
        problems = tuple(_problem(dict(each)) for each in problem.errors())
        raise InvalidSettings("settings.invalid", problems=problems) from None


def check_temporary_folder() -> None:
    """Raise InvalidSettings where gradio could not keep pictures, as in a folder that belongs to another user."""
    folder = os.environ.get("GRADIO_TEMP_DIR", "")
    try:
        folder = folder or str(Path(gettempdir(), "gradio"))
        Path(folder).mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=folder).close()
    except OSError as problem:
        if folder:
            raise InvalidSettings("settings.temporary_folder", folder=folder, why=str(problem.strerror)) from problem
        raise InvalidSettings("settings.no_temporary_folder", why=str(problem.strerror)) from problem


def _problem(problem: Mapping[str, Any]) -> Message:
    """Return what is wrong with one variable, and what to do."""
    field = str(problem["loc"][0])
    variable = f"{PREFIX}{field.upper()}" if field in Settings.model_fields else field
    remedy: Text = REMEDIES.get(problem["type"], problem["msg"])
    return message("settings.problem", variable=variable, value=repr(str(problem["input"])[:100]), remedy=remedy)
