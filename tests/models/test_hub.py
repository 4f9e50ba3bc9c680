"""Models pulled from a Hub of our own with the real client: what was asked of it, and what is left on the disk."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants, hf_hub_download, snapshot_download

from animegen.errors import ModelUnavailable
from animegen.models import lock
from animegen.models.files import NETWORK, STABLE_DIFFUSION
from animegen.models.hub import Source, cached, download, snapshot
from tests.hub.faults import ALWAYS, Corrupted, Dropped, Refused
from tests.hub.layouts import SD15, base_model, needed, network
from tests.hub.repositories import File, User
from tests.hub.server import Hub

TAESD = "madebyollin/taesd"
WEIGHTS = "diffusion_pytorch_model.safetensors"
BIG = 300_000


@pytest.fixture
def sd15(hub: Hub) -> Hub:
    hub.publish(SD15, base_model())
    return hub


@pytest.fixture
def taesd(hub: Hub) -> Hub:
    hub.publish(TAESD, network(size=BIG))
    return hub


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def blobs(source: Source) -> list[Path]:
    return list(source.cache.glob("*/blobs/*"))


def first_bytes(hub: Hub) -> list[int]:
    """Return from which byte on each large file was asked for."""
    return [each.range for each in hub.log if each.path.startswith("/cdn/")]


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


def test_the_lock_names_the_revision_and_every_hash(sd15: Hub, source: Source) -> None:
    snapshot(SD15, STABLE_DIFFUSION, source=source)
    published = sd15.repositories[SD15].head
    (locked,) = lock.read(source.lock).values()
    assert locked.revision == published.oid
    assert locked.files == {path: published.files[path].sha256 for path in needed()}


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


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
def test_a_broken_connection_costs_no_byte_twice(taesd: Hub, source: Source, reset: bool) -> None:
    taesd.fail(Dropped(path="/cdn/*", after=100_000, reset=reset))
    folder = snapshot(TAESD, NETWORK, source=source)
    assert files_in(folder) == network(size=BIG)
    assert len(first_bytes(taesd)) == 2
    if not reset:  # what a reset connection had still on its way is lost
        assert first_bytes(taesd) == [0, 100_000]


def test_a_download_that_was_given_up_goes_on_where_it_ended(taesd: Hub, source: Source) -> None:
    taesd.fail(Dropped(path="/cdn/*", after=100_000))
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        snapshot(TAESD, NETWORK, source=replace(source, pauses=()))
    told: list[tuple[int, int]] = []
    folder = snapshot(TAESD, NETWORK, report=lambda *count: told.append(count), source=source)
    assert files_in(folder) == network(size=BIG)
    assert first_bytes(taesd) == [0, 100_000]
    assert (told[0], told[-1]) == ((100_002, BIG + 2), (BIG + 2, BIG + 2))


def test_a_line_that_breaks_again_and_again_is_followed_as_long_as_it_brings_something(
    taesd: Hub, source: Source
) -> None:
    taesd.fail(Dropped(path="/cdn/*", after=50_000, times=5))
    assert files_in(snapshot(TAESD, NETWORK, source=source)) == network(size=BIG)
    assert first_bytes(taesd) == [0, 50_000, 100_000, 150_000, 200_000, 250_000]


def test_a_hub_that_brings_nothing_is_asked_once_more_for_each_pause(taesd: Hub, source: Source) -> None:
    taesd.fail(Refused(path="*", status=503, times=ALWAYS))
    with pytest.raises(ModelUnavailable, match="503"):
        snapshot(TAESD, NETWORK, source=source)
    assert len(taesd.log) == 1 + len(source.pauses)


def test_a_file_that_arrives_damaged_is_thrown_away(taesd: Hub, source: Source) -> None:
    taesd.fail(Corrupted(path="/cdn/*"))
    with pytest.raises(ModelUnavailable, match=f"{WEIGHTS} is damaged"):
        snapshot(TAESD, NETWORK, source=source)
    assert [path.read_bytes() for path in blobs(source)] == [b"{}"]
    assert not source.lock.exists()


def test_a_damaged_small_file_is_noticed_too(taesd: Hub, source: Source) -> None:
    taesd.fail(Corrupted(path="*/config.json"))
    with pytest.raises(ModelUnavailable, match=r"config\.json is damaged"):
        snapshot(TAESD, NETWORK, source=source)
    assert blobs(source) == []


def test_nothing_of_an_unfinished_model_is_taken_for_a_whole_one(taesd: Hub, source: Source) -> None:
    taesd.fail(Refused(path="/cdn/*", status=503, times=ALWAYS))
    with pytest.raises(ModelUnavailable):
        snapshot(TAESD, NETWORK, source=source)
    assert cached(TAESD, NETWORK, source=source) is None
    assert not source.lock.exists()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(429, "asked too often"), (403, "does not let you read"), (500, "it answers 500")],
)
def test_a_refusal_is_one_sentence(taesd: Hub, source: Source, status: int, sentence: str) -> None:
    taesd.fail(Refused(path="/api/*", status=status, times=ALWAYS))
    with pytest.raises(ModelUnavailable, match=rf"^[^\n]*{TAESD}[^\n]*$") as refused:
        snapshot(TAESD, NETWORK, source=source)
    assert sentence in str(refused.value)
    assert not source.cache.exists()


def test_a_repository_that_is_not_there_is_named(hub: Hub, source: Source) -> None:
    with pytest.raises(ModelUnavailable, match="no repository nobody/nothing"):
        snapshot("nobody/nothing", NETWORK, source=source)
    assert hub.asked() == ["GET /api/models/nobody/nothing/revision/main"]


def test_a_gated_repository_says_where_to_accept_its_licence(hub: Hub, source: Source) -> None:
    hub.publish(TAESD, network(), gated=True)
    with pytest.raises(ModelUnavailable, match=rf"huggingface\.co/{TAESD}.*hf auth login"):
        snapshot(TAESD, NETWORK, source=source)
    assert first_bytes(hub) == []


def test_who_accepted_a_licence_is_sent_the_model(hub: Hub, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.users = {"hf_mika": User("mika")}
    hub.publish(TAESD, network(), gated=True, accepted=frozenset({"mika"}))
    monkeypatch.setenv("HF_TOKEN", "hf_mika")
    assert files_in(snapshot(TAESD, NETWORK, source=source)) == network()
    assert {each.token for each in hub.log if "/cdn/" in each.path} == {""}


def test_a_revision_that_is_gone_says_how_to_go_on(taesd: Hub, source: Source) -> None:
    lock.write(source.lock, TAESD, lock.Locked(revision="0" * 40))
    with pytest.raises(ModelUnavailable, match="--update"):
        snapshot(TAESD, NETWORK, source=source)


def test_a_hub_that_is_down_is_one_sentence(source: Source) -> None:
    nowhere = replace(source, endpoint="http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match=r"^[^\n]*the Hub cannot be reached[^\n]*$"):
        snapshot(TAESD, NETWORK, source=nowhere)


def test_offline_mode_is_named_and_obeyed(taesd: Hub, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match="HF_HUB_OFFLINE"):
        snapshot(TAESD, NETWORK, source=source)
    assert taesd.log == []


def test_a_model_larger_than_the_disk_is_refused_before_a_byte_comes(taesd: Hub, source: Source) -> None:
    taesd.repositories[TAESD].commit("Grow", {WEIGHTS: File(b"", lfs=True, claimed=10**16)})
    with pytest.raises(ModelUnavailable, match=r"needs 10000000\.0 GB more, and [\d.]+ GB are free"):
        snapshot(TAESD, NETWORK, source=source)
    assert len(taesd.log) == 1
    assert not source.cache.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_fills_up_on_the_way_is_one_sentence(taesd: Hub, source: Source) -> None:
    sha256 = taesd.repositories[TAESD].head.files[WEIGHTS].sha256
    gathered = source.folder(TAESD) / "blobs" / f"{sha256}.animegen.incomplete"
    gathered.parent.mkdir(parents=True)
    gathered.symlink_to("/dev/full")
    with pytest.raises(ModelUnavailable, match=r"^The disk is full[^\n]*$"):
        snapshot(TAESD, NETWORK, source=source)
    assert not source.lock.exists()


def test_a_repository_of_pickles_alone_is_refused(hub: Hub, source: Source) -> None:
    hub.publish(TAESD, {"config.json": b"{}", "diffusion_pytorch_model.bin": b"\x80\x02}q\0."})
    with pytest.raises(ModelUnavailable, match=f"{TAESD} cannot be used: There are no safetensors"):
        snapshot(TAESD, NETWORK, source=source)
    assert len(hub.log) == 1


def test_two_precisions_of_one_revision_lie_beside_each_other(sd15: Hub, source: Source) -> None:
    folder = snapshot(SD15, STABLE_DIFFUSION, source=source)
    assert download(SD15, STABLE_DIFFUSION, half=True, source=source) == folder
    assert set(files_in(folder)) == needed() | needed(half=True)
    assert set(lock.read(source.lock)[SD15].files) == set(files_in(folder))


def test_weights_in_shards_come_whole_or_not_at_all(hub: Hub, source: Source) -> None:
    some = random.Random(2)
    shards = {f"diffusion_pytorch_model-0000{n}-of-00003.safetensors": some.randbytes(99) for n in (1, 2, 3)}
    index = {"diffusion_pytorch_model.safetensors.index.json": b"{}", "config.json": b"{}"}
    hub.publish(TAESD, shards | index)
    folder = snapshot(TAESD, NETWORK, source=source)
    assert set(files_in(folder)) == {*shards, *index}
    (folder / "diffusion_pytorch_model-00002-of-00003.safetensors").resolve().unlink()
    assert cached(TAESD, NETWORK, source=source) is None
