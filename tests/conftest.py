"""What many tests share: a tiny model, fresh for each test. Tests that ask for none load no torch."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from animegen.models.loading import Parts


@pytest.fixture
def parts() -> "Parts":
    from tests import tiny

    return tiny.parts()


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny model saved as diffusers saves one; tests that damage it copy it first."""
    from tests import tiny

    folder = tmp_path_factory.mktemp("tiny")
    tiny.pipeline(tiny.parts()).save_pretrained(folder, max_shard_size="9MB")
    return folder
