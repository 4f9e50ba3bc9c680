"""A recipe, its pictures and its run, as an export is given them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from animegen.datasets.dataset import Dataset, Sample
from animegen.models.table import rows
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.metadata import RunRecord
from tests import tiny

DATA = {"folder": "/home/someone/mika", "trigger": "mika", "exclude": ["solo"], "resolution": 256}


def recipe(**fields: Any) -> AdapterRecipe:
    return AdapterRecipe(**{"name": "mika", "data": DATA, "author": "Someone", "epochs": 4, "batch_size": 2, **fields})


def sample(caption: str, folder: str = "mika", repeats: int = 10) -> Sample:
    return Sample(
        path=Path(f"/home/someone/{repeats}_{folder}/{caption}.png"),
        caption=caption,
        folder_words=folder,
        captioned=True,
        repeats=repeats,
        size=(256, 256),
        transparent=False,
    )


PICTURES = Dataset(
    root=Path("/home/someone/mika"),
    training=(sample("blue hair, smile, solo"), sample("blue hair, 青い髪"), sample("smile", "swim suit", 3)),
    validation=(sample("closed eyes"),),
    regularization=(sample("1girl", "girl", 1),),
    ignored=(),
)


def record(base: str = "tiny", **fields: Any) -> RunRecord:
    known = {
        "base": tiny.ROW if base == "tiny" else rows()[base],
        "prediction": "v_prediction",
        "epochs": 3,
        "steps": 30,
        "steps_an_epoch": 10,
        "started": datetime(2026, 11, 28, 13, 0, tzinfo=UTC),
        "finished": datetime(2026, 11, 28, 13, 30, tzinfo=UTC),
    }
    return RunRecord(**known | fields)
