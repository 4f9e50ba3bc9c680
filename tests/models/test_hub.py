"""Models pulled from a Hub of our own: what is asked of it, what is on the disk afterwards, and what is locked."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from huggingface_hub import hf_hub_download, snapshot_download

from animegen.errors import ModelUnavailable
from animegen.models import lockfile
from animegen.models.cache import Source
from animegen.models.files import NETWORK, STABLE_DIFFUSION
from animegen.models.hub import cached, download, snapshot
from tests.hub.layouts import SD15, base_model, needed
from tests.hub.server import Hub

TAESD = "madebyollin/taesd"


@pytest.fixture
def sd15(hub: Hub) -> Hub:
    hub.publish(SD15, base_model())
    return hub


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("half", [False, True])
def test_only_what_is_drawn_with_is_downloaded(sd15: Hub, source: Source, half: bool) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, half=half, source=source)
    assert files_in(folder) == {path: base_model()[path] for path in needed(half=half)}


def test_no_pickle_is_even_asked_for(sd15: Hub, source: Source) -> None:
    snapshot(SD15, STABLE_DIFFUSION, source=source)
    assert not [line for line in sd15.asked() if line.endswith((".bin", ".ckpt", ".pt"))]


def test_a_repository_with_half_precision_alone_gives_that(hub: Hub, source: Source) -> None:
    hub.publish(SD15, base_model(full=False))
    assert set(files_in(snapshot(SD15, STABLE_DIFFUSION, source=source))) == needed(half=True)


def test_a_repository_is_asked_once_for_its_list_and_once_for_each_file(sd15: Hub, source: Source) -> None:
    snapshot(SD15, STABLE_DIFFUSION, source=source)
    revision = sd15.repositories[SD15].head.oid
    listed, *files = [line for line in sd15.asked() if "/cdn/" not in line]
    assert listed == f"GET /api/models/{SD15}/revision/main"
    assert sorted(files) == sorted(f"GET /{SD15}/resolve/{revision}/{path}" for path in needed())


def test_progress_ends_with_all_bytes(sd15: Hub, source: Source) -> None:
    told: list[tuple[int, int]] = []
    snapshot(SD15, STABLE_DIFFUSION, report=lambda *count: told.append(count), source=source)
    total = sum(len(base_model()[path]) for path in needed())
    assert (told[0], told[-1]) == ((0, total), (total, total))
    assert told == sorted(told)


def test_what_is_cached_is_found_without_a_request(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    sd15.log.clear()
    assert snapshot(SD15, STABLE_DIFFUSION, source=source) == folder
    assert sd15.log == []


def test_a_newer_revision_on_the_hub_changes_nothing_here(sd15: Hub, source: Source) -> None:
    before = files_in(snapshot(SD15, STABLE_DIFFUSION, source=source))
    sd15.publish(SD15, {"unet/config.json": b"newer"})
    assert files_in(snapshot(SD15, STABLE_DIFFUSION, source=source)) == before


def test_what_is_missing_is_taken_from_the_locked_revision(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    sd15.publish(SD15, {"unet/config.json": b"newer"})
    (folder / "unet/config.json").resolve().unlink()
    assert snapshot(SD15, STABLE_DIFFUSION, source=source) == folder
    assert (folder / "unet/config.json").read_bytes() == base_model()["unet/config.json"]


def test_only_what_is_missing_is_downloaded(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    (folder / "unet/config.json").resolve().unlink()
    sd15.log.clear()
    snapshot(SD15, STABLE_DIFFUSION, source=source)
    assert sd15.asked()[1:] == [f"GET /{SD15}/resolve/{folder.name}/unet/config.json"]


def test_a_given_revision_is_the_one_that_comes(sd15: Hub, source: Source) -> None:
    old = sd15.repositories[SD15].head.oid
    sd15.publish(SD15, {"unet/config.json": b"newer"})
    assert snapshot(SD15, STABLE_DIFFUSION, revision=old, source=source).name == old
    assert not source.lock.exists()


def test_the_lock_names_the_revision_and_every_hash(sd15: Hub, source: Source) -> None:
    snapshot(SD15, STABLE_DIFFUSION, source=source)
    published = sd15.repositories[SD15].head
    (locked,) = lockfile.read(source.lock).values()
    assert locked.revision == published.oid
    assert locked.files == {path: published.files[path].sha256 for path in needed()}


def test_a_configuration_that_is_not_the_locked_one_is_named(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    (folder / "unet/config.json").write_bytes(b"something else")
    with pytest.raises(ModelUnavailable, match=r"hash of unet/config\.json differs from the lock.*models pull"):
        snapshot(SD15, STABLE_DIFFUSION, source=source)


def test_two_that_want_a_model_at_once_download_it_once(sd15: Hub, source: Source) -> None:
    with ThreadPoolExecutor(2) as both:
        folders = list(both.map(lambda _: snapshot(SD15, STABLE_DIFFUSION, source=source), range(2)))
    assert folders[0] == folders[1]
    assert len([line for line in sd15.asked() if "/resolve/" in line]) == len(needed())


def test_other_programs_find_what_was_downloaded(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    sd15.log.clear()
    for path in needed():
        found = hf_hub_download(SD15, path, cache_dir=source.cache, endpoint=source.endpoint, local_files_only=True)
        assert Path(found) == folder / path
    assert sd15.log == []


def test_what_other_programs_downloaded_is_found_without_a_request(sd15: Hub, source: Source) -> None:
    folder = snapshot_download(SD15, cache_dir=source.cache, endpoint=source.endpoint)
    sd15.log.clear()
    assert snapshot(SD15, STABLE_DIFFUSION, source=source) == Path(folder)
    assert sd15.log == []


def test_a_part_that_others_left_out_is_no_whole_model(sd15: Hub, source: Source) -> None:
    snapshot_download(SD15, cache_dir=source.cache, endpoint=source.endpoint, ignore_patterns=["vae/*.safetensors"])
    assert cached(SD15, STABLE_DIFFUSION, source=source) is None


def test_a_repository_of_pickles_alone_is_refused(hub: Hub, source: Source) -> None:
    hub.publish(TAESD, {"config.json": b"{}", "diffusion_pytorch_model.bin": b"\x80\x02}q\0."})
    with pytest.raises(ModelUnavailable, match=f"{TAESD} cannot be used: No safetensors"):
        snapshot(TAESD, NETWORK, source=source)
    assert len(hub.log) == 1


def test_two_precisions_of_one_revision_lie_beside_each_other(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    assert download(SD15, STABLE_DIFFUSION, half=True, source=source) == folder
    assert set(files_in(folder)) == needed() | needed(half=True)
    assert set(lockfile.read(source.lock)[SD15].files) == set(files_in(folder))


def test_weights_in_shards_come_whole_or_not_at_all(hub: Hub, source: Source) -> None:
    some = random.Random(2)
    shards = {f"diffusion_pytorch_model-0000{n}-of-00003.safetensors": some.randbytes(99) for n in (1, 2, 3)}
    index = {"diffusion_pytorch_model.safetensors.index.json": b"{}", "config.json": b"{}"}
    hub.publish(TAESD, shards | index)
    folder = snapshot(TAESD, NETWORK, source=source)
    assert set(files_in(folder)) == {*shards, *index}
    (folder / "diffusion_pytorch_model-00002-of-00003.safetensors").resolve().unlink()
    assert cached(TAESD, NETWORK, source=source) is None
