"""chibi's card: rendered from the record, and the one that lies beside the weights is up to date."""

import json

from animegen.chibi.build import card
from animegen.models import loading, table

FOLDER = loading.folder_of(table.rows()["chibi"])
RECORD = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))


def test_the_card_beside_the_weights_is_the_one_of_their_record() -> None:
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == card.render(RECORD)


def test_another_figure_in_the_record_is_another_figure_in_the_card() -> None:
    assert "12.34 dB" in card.render(RECORD | {"autoencoder_psnr_db": 12.34})
