"""What many tests share: a tiny model, fresh for each test."""

from pathlib import Path

import pytest

from animegen.models.loading import Parts
from tests import tiny


@pytest.fixture
def parts() -> Parts:
    return tiny.parts()


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model saved as diffusers saves one; tests that damage it copy it first."""
    folder = tmp_path_factory.mktemp("tiny")
    tiny.pipeline(tiny.parts()).save_pretrained(folder, max_shard_size="9MB")
    return folder
