"""One scan of the folders answers every question about LoRAs."""

from collections import Counter
from pathlib import Path

import pytest

from animegen.lora_files import Offers, offers
from animegen.lora_files.keys import strangers
from animegen.lora_files.weights import STRANGERS
from animegen.messages import table
from animegen.tasks import Lora, TextToImage
from tests.threads import at_once


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often folders were looked through, files compared with what is known of them, and files read."""
    counted = Counter[str]()

    def count(name: str) -> None:
        original = getattr(offers, name)

        def counting(*values: object, **more: object) -> object:
            counted[name] += 1
            return original(*values, **more)

        monkeypatch.setattr(offers, name, counting)

    for name in ("shelved", "stamp", "read"):
        count(name)
    return counted


def test_one_scan_answers_everything_without_touching_the_disk(folder: Path, calls: Counter[str]) -> None:
    (folder / "old.pt").write_bytes(b"\x80\x02]q\0.")
    inventory = Offers([folder]).scan()
    before = calls.copy()
    assert list(inventory.offers) == ["ink", "miku.v2", "soft"]
    assert list(inventory.of("chibi")) == ["ink", "soft"]
    assert inventory.offer("soft", "chibi").name == "soft"
    assert inventory.apply(TextToImage(prompt="1girl <lora:ink:0.5>"), "chibi").loras == (Lora("ink", 0.5),)
    assert [refusal.refused.id for refusal in inventory.refusals] == ["lora_files.pickle"]
    assert calls == before
    assert calls["shelved"] == 1


def test_a_question_costs_one_scan_of_each_folder(folder: Path, calls: Counter[str]) -> None:
    Offers([folder]).offer("ink", "chibi")
    assert calls["shelved"] == 1


def test_an_inventory_stays_as_it_is_when_a_file_goes(folder: Path) -> None:
    inventory = Offers([folder]).scan()
    (folder / "ink.safetensors").unlink()
    assert "ink" in inventory.of("chibi")


def test_of_many_threads_that_meet_a_new_file_one_reads_it(folder: Path, calls: Counter[str]) -> None:
    shared, found = Offers([folder]), dict[int, list[str]]()
    at_once(8, lambda number: found.update({number: list(shared.scan().offers)}))
    assert calls["read"] == 3
    assert list(found.values()) == [["ink", "miku.v2", "soft"]] * 8


@pytest.mark.parametrize("kind", [*(f"lora_files.{kind}" for kind in strangers()), *(kind for _, kind in STRANGERS)])
def test_a_kind_of_file_that_is_no_lora_has_its_message(kind: str) -> None:
    assert kind in table()
