"""The embedded model as it lies in the repository: complete, small enough, and the only one who draws for a request."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionPipeline
from PIL import ImageChops

from animegen.models import loading, table
from animegen.models.device import Placement
from animegen.pipelines import preview
from animegen.studio import Studio
from animegen.tasks import Picture, TextToImage

ROW = table.rows()["chibi"]
CPU = Placement(device=torch.device("cpu"), dtype=torch.float32, reason="Tests compare to the bit.")
TASK = TextToImage(prompt="1girl, blue hair", emotion="happy", steps=4, seed=5)
MEGABYTE = 1_000_000

WITHOUT_THE_ARTIST = """
import sys

class Blocked:
    def find_spec(self, name, *_):
        if name == "skia" or name.startswith("animegen.chibi.artist"):
            raise ModuleNotFoundError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import TextToImage

(drawn,) = Studio.load(Settings(model="chibi")).pictures(TextToImage(prompt="1girl, blue hair", steps=2, seed=5))
assert drawn.image.size == (256, 256)
assert len(drawn.image.getcolors(256 * 256)) > 100
"""


@pytest.fixture(scope="module")
def folder() -> Path:
    return loading.folder_of(ROW)


@pytest.fixture
def studio(folder: Path) -> Studio:
    return Studio(ROW, lambda row: loading.load(row, CPU, folder))


def largest_difference(one: Picture, other: Picture) -> int:
    return max(high for _, high in ImageChops.difference(one.image, other.image).getextrema())


def test_a_request_is_drawn_where_the_artist_cannot_be_imported() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_THE_ARTIST], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_other_weights_in_the_unet_draw_another_picture(studio: Studio) -> None:
    (before,) = studio.pictures(TASK)
    with torch.no_grad():
        studio.parts.unet.conv_out.weight.mul_(1.1)
    (after,) = studio.pictures(TASK)
    assert largest_difference(before, after) > 2


def test_a_picture_of_a_batch_is_its_single_within_two_grey_levels(studio: Studio) -> None:
    batch = studio.pictures(TextToImage(prompt="1boy, red hair", steps=4, seed=5, count=3))
    (single,) = studio.pictures(batch[2].task)
    assert largest_difference(batch[2], single) <= 2


def test_the_folder_loads_as_a_plain_stable_diffusion_pipeline(folder: Path) -> None:
    pipe = StableDiffusionPipeline.from_pretrained(folder, safety_checker=None, local_files_only=True)
    assert pipe.unet.config.sample_size * pipe.vae_scale_factor == ROW.native_size
    assert pipe.scheduler.config.prediction_type == ROW.prediction_type
    assert pipe.tokenizer.model_max_length == ROW.token_limit + 2


def test_the_model_has_a_map_for_previews(studio: Studio) -> None:
    colours = preview.load(studio.parts.folder)
    assert colours is not None
    assert colours.weight.shape == (3, studio.parts.unet.config.in_channels)


def test_no_file_is_too_large_for_a_plain_git_repository(folder: Path) -> None:
    assert all(file.stat().st_size < 10 * MEGABYTE for file in folder.rglob("*"))
