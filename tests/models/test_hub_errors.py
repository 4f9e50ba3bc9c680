"""A Hub, a line and a disk that fail: what is told, what was asked, and what is left on the disk."""

from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants

from animegen.errors import ModelUnavailable
from animegen.models import lockfile
from animegen.models.cache import Source
from animegen.models.files import NETWORK
from animegen.models.hub import cached, snapshot
from tests.hub.faults import ALWAYS, Corrupted, Dropped, Refused, Replaced
from tests.hub.layouts import network
from tests.hub.repositories import File, User
from tests.hub.server import Hub

TAESD = "madebyollin/taesd"
WEIGHTS = "diffusion_pytorch_model.safetensors"
BIG = 300_000


@pytest.fixture
def taesd(hub: Hub) -> Hub:
    hub.publish(TAESD, network(size=BIG))
    return hub


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def blobs(source: Source) -> list[Path]:
    return list(source.cache.glob("*/blobs/*"))


def sha256_of(hub: Hub) -> str:
    return hub.repositories[TAESD].head.files[WEIGHTS].sha256


def first_bytes(hub: Hub) -> list[int]:
    """Return from which byte on each large file was asked for."""
    return [each.range for each in hub.log if each.path.startswith("/cdn/")]


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


def test_more_bytes_than_the_file_has_are_begun_anew(taesd: Hub, source: Source) -> None:
    gathered = source.folder(TAESD) / "blobs" / f"{sha256_of(taesd)}.animegen.incomplete"
    gathered.parent.mkdir(parents=True)
    gathered.write_bytes(bytes(BIG + 1))
    assert files_in(snapshot(TAESD, NETWORK, source=source)) == network(size=BIG)
    assert first_bytes(taesd) == [0]


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
    [(429, "Too many requests"), (403, "denies access"), (500, "HTTP 500")],
)
def test_a_refusal_is_one_sentence(taesd: Hub, source: Source, status: int, sentence: str) -> None:
    taesd.fail(Refused(path="/api/*", status=status, times=ALWAYS))
    with pytest.raises(ModelUnavailable, match=rf"^[^\n]*{TAESD}[^\n]*$") as refused:
        snapshot(TAESD, NETWORK, source=source)
    assert sentence in str(refused.value)
    assert set(taesd.asked()) == {f"GET /api/models/{TAESD}/revision/main"}
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
    lockfile.write(source.lock, TAESD, lockfile.Locked(revision="0" * 40))
    with pytest.raises(ModelUnavailable, match="--update"):
        snapshot(TAESD, NETWORK, source=source)


def test_a_hub_that_is_down_is_one_sentence(source: Source) -> None:
    nowhere = replace(source, endpoint="http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match=r"^[^\n]*the Hub cannot be reached[^\n]*$"):
        snapshot(TAESD, NETWORK, source=nowhere)


def test_a_network_that_wants_a_login_is_told_apart(taesd: Hub, source: Source) -> None:
    taesd.fail(Replaced(path="/api/*"))
    with pytest.raises(ModelUnavailable, match="log in to this network"):
        snapshot(TAESD, NETWORK, source=source)


def test_a_page_in_a_files_place_is_thrown_away(taesd: Hub, source: Source) -> None:
    taesd.fail(Replaced(path="*/resolve/*"))
    with pytest.raises(ModelUnavailable, match="is damaged"):
        snapshot(TAESD, NETWORK, source=source)
    assert blobs(source) == []


@pytest.mark.parametrize("name", ["a/b/c", "../../etc", "", "a b"])
def test_a_name_that_no_repository_can_have_is_refused_unasked(hub: Hub, source: Source, name: str) -> None:
    with pytest.raises(ModelUnavailable, match="is not a valid repository name"):
        snapshot(name, NETWORK, source=source)
    assert (hub.log, source.cache.exists()) == ([], False)


def test_offline_mode_is_named_and_obeyed(taesd: Hub, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match="HF_HUB_OFFLINE"):
        snapshot(TAESD, NETWORK, source=source)
    assert taesd.log == []


def test_a_model_larger_than_the_disk_is_refused_before_a_byte_comes(taesd: Hub, source: Source) -> None:
    taesd.repositories[TAESD].commit("Grow", {WEIGHTS: File(b"", lfs=True, claimed=10**16)})
    with pytest.raises(ModelUnavailable, match=r"needs 10000000\.0 GB more, but only [\d.]+ GB are free"):
        snapshot(TAESD, NETWORK, source=source)
    assert len(taesd.log) == 1
    assert not source.cache.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_disk_that_fills_up_on_the_way_is_one_sentence(taesd: Hub, source: Source) -> None:
    gathered = source.folder(TAESD) / "blobs" / f"{sha256_of(taesd)}.animegen.incomplete"
    gathered.parent.mkdir(parents=True)
    gathered.symlink_to("/dev/full")
    with pytest.raises(ModelUnavailable, match=r"^The disk is full[^\n]*$"):
        snapshot(TAESD, NETWORK, source=source)
    assert not source.lock.exists()
