"""A model's LoRAs: read once, refused where they are not its own, and forgotten where they grow too many."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from animegen.errors import AdapterRefused, ModelUnavailable
from animegen.lora_files import Adapter, Format, Offer, base_of, write_kohya, write_peft
from animegen.lora_files.adapter import BASE_HASH
from animegen.models.cache import Source
from animegen.models.controlnet import weights_hash
from animegen.models.loading import Parts
from animegen.models.loras import Loras
from tests import tiny
from tests.hub.server import Hub
from tests.lora_files.making import adapter


def made(parts: Parts, rank: int = 4) -> Adapter:
    return adapter(base_of("tiny", "tiny", parts.unet.config, parts.text_encoder.config.to_dict()), rank=rank)


def offer(path: Path, **more: str) -> Offer:
    return Offer(name=path.stem, label="tiny", bases=("tiny",), path=path, **more)


@pytest.fixture
def ink(parts: Parts, tmp_path: Path) -> Offer:
    write_kohya(made(parts), tmp_path / "ink.safetensors")
    return offer(tmp_path / "ink.safetensors")


def test_a_file_is_read_once_as_long_as_it_stays_as_it_is(parts: Parts, ink: Offer) -> None:
    loras = Loras(parts)
    first = loras.load(ink)
    assert loras.load(ink) is first
    write_kohya(made(parts, rank=2), ink.path)
    assert loras.load(ink).adapter.modules[0].rank == 2
    assert loras.load(ink).key != first.key


def test_a_folder_is_read_anew_when_its_config_changes(parts: Parts, tmp_path: Path) -> None:
    write_peft(made(parts), tmp_path / "ink", "tiny")
    loras, asked = Loras(parts), offer(tmp_path / "ink")
    first = loras.load(asked)
    assert loras.load(asked) is first
    config = tmp_path / "ink" / "adapter_config.json"
    config.write_text(config.read_text().replace('"lora_alpha": 1', '"lora_alpha": 2'))
    assert {module.alpha for module in loras.load(asked).adapter.of("unet")} == {2.0}


def test_what_else_lies_in_a_folder_is_not_looked_at(parts: Parts, tmp_path: Path) -> None:
    write_peft(made(parts), tmp_path / "ink", "tiny")
    first = Loras(parts).load(offer(tmp_path / "ink"))
    deep = tmp_path / "ink" / "samples"
    deep.mkdir()
    (deep / "notes.txt").write_text("words")
    assert Loras(parts).load(offer(tmp_path / "ink")).key == first.key


def test_the_ones_used_longest_ago_are_forgotten_and_the_last_always_stays(parts: Parts, tmp_path: Path) -> None:
    size = made(parts).size
    loras, offers = Loras(parts, remembered=2 * size), []
    for name in ("a", "b", "c"):
        write_kohya(made(parts), tmp_path / f"{name}.safetensors")
        offers.append(offer(tmp_path / f"{name}.safetensors"))
    a, b, c = offers
    first, second = loras.load(a), loras.load(b)
    loras.load(a)
    loras.load(c)
    assert loras.load(a) is first
    assert loras.load(b) is not second
    tight = Loras(parts, remembered=1)
    assert tight.load(a) is tight.load(a)


def test_a_file_of_another_model_is_refused_by_its_shapes(parts: Parts, tmp_path: Path) -> None:
    write_kohya(adapter("sd1"), tmp_path / "miku.safetensors")
    with pytest.raises(AdapterRefused, match=r"LoRA for Stable Diffusion 1.x; use one for tiny"):
        Loras(parts).load(offer(tmp_path / "miku.safetensors"))


def test_a_file_that_is_not_what_the_catalogue_means_is_refused(parts: Parts, ink: Offer) -> None:
    right = sha256(ink.path.read_bytes()).hexdigest()
    assert Loras(parts).load(offer(ink.path, sha256=right)).adapter.modules
    with pytest.raises(AdapterRefused, match="not the file that the catalogue lists"):
        Loras(parts).load(offer(ink.path, sha256="0" * 64))


def test_a_lora_of_other_weights_of_the_same_model_is_refused(tmp_path: Path) -> None:
    parts = tiny.parts(tmp_path)
    parts.unet.save_pretrained(tmp_path / "unet")
    own, other = tmp_path / "own.safetensors", tmp_path / "other.safetensors"
    write_kohya(made(parts), own, {BASE_HASH: weights_hash(tmp_path / "unet")})
    write_kohya(made(parts), other, {BASE_HASH: "0" * 64})
    assert Loras(parts).load(offer(own)).adapter.modules
    with pytest.raises(AdapterRefused, match=r"other.safetensors was trained on other weights of tiny"):
        Loras(parts).load(offer(other))


def test_a_file_that_has_gone_is_refused_in_a_sentence(parts: Parts, ink: Offer) -> None:
    ink.path.unlink()
    with pytest.raises(AdapterRefused, match=r"ink.safetensors cannot be read"):
        Loras(parts).load(ink)


# From the Hub


@pytest.fixture
def remote(parts: Parts, hub: Hub, tmp_path: Path) -> Offer:
    """A LoRA that lies on the Hub as PEFT saves it."""
    folder = tmp_path / "made"
    write_peft(made(parts), folder, "tiny")
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    hub.publish("someone/ink", {path: content for path, content in files.items() if "/" not in path})
    return Offer(name="ink", label="tiny", bases=("tiny",), repository="someone/ink")


def test_what_lies_on_the_hub_is_downloaded_once(parts: Parts, hub: Hub, source: Source, remote: Offer) -> None:
    assert Loras(replace(parts, source=source)).load(remote).adapter.source is Format.PEFT
    asked = len(hub.asked())
    assert Loras(replace(parts, source=source)).load(remote).adapter.modules
    assert len(hub.asked()) == asked


def test_one_file_of_a_repository_may_be_the_lora(parts: Parts, hub: Hub, source: Source, tmp_path: Path) -> None:
    write_kohya(made(parts), tmp_path / "ink-v2.safetensors")
    hub.publish("someone/inks", {"ink-v2.safetensors": (tmp_path / "ink-v2.safetensors").read_bytes()})
    asked = Offer(name="ink", label="", bases=("tiny",), repository="someone/inks", file="ink-v2.safetensors")
    assert Loras(replace(parts, source=source)).load(asked).adapter.source is Format.KOHYA


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"adapter_model.safetensors": b""}, "someone/ink/adapter_model.safetensors is empty; download or copy it"),
        ({"adapter_config.json": b"[]"}, "someone/ink/adapter_model.safetensors has a config that is no JSON object;"),
    ],
)  # fmt: skip
def test_a_lora_of_the_hub_is_refused_by_the_name_of_its_repository(
    parts: Parts, hub: Hub, source: Source, remote: Offer, changes: dict[str, bytes], sentence: str, tmp_path: Path
) -> None:
    files = {path.name: path.read_bytes() for path in (tmp_path / "made").iterdir() if path.is_file()}
    hub.publish("someone/damaged", files | changes)
    with pytest.raises(AdapterRefused) as refused:
        Loras(replace(parts, source=source)).load(replace(remote, repository="someone/damaged"))
    assert str(refused.value).startswith(sentence.replace("ink", "damaged"))


def test_a_repository_without_a_lora_is_named(parts: Parts, hub: Hub, source: Source, remote: Offer) -> None:
    hub.publish("someone/words", {"config.txt": b"words"})
    with pytest.raises(AdapterRefused, match=r"^someone/words holds no LoRA as safetensors"):
        Loras(replace(parts, source=source)).load(replace(remote, repository="someone/words"))


def test_a_folder_is_not_what_a_hash_of_the_catalogue_means(parts: Parts, tmp_path: Path) -> None:
    write_peft(made(parts), tmp_path / "ink", "tiny")
    with pytest.raises(AdapterRefused, match="ink cannot be read: Is a directory"):
        Loras(parts).load(offer(tmp_path / "ink", sha256="0" * 64))


def test_a_repository_that_is_not_there_is_named(parts: Parts, source: Source) -> None:
    asked = Offer(name="ink", label="", bases=("tiny",), repository="someone/nothing")
    with pytest.raises(ModelUnavailable, match="someone/nothing"):
        Loras(replace(parts, source=source)).load(asked)
