"""The Hub of our own against huggingface_hub's client and parsers, nothing of them patched."""

from pathlib import Path

import pytest
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    get_hf_file_metadata,
    hf_hub_download,
    hf_hub_url,
    snapshot_download,
)
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.hub.faults import Dropped, Refused
from tests.hub.layouts import SD15, base_model
from tests.hub.repositories import User
from tests.hub.server import Hub

LARGE, SMALL = "unet/diffusion_pytorch_model.safetensors", "unet/config.json"
OWN = "mika/portraits"


@pytest.fixture
def api(hub: Hub) -> HfApi:
    hub.publish(SD15, base_model())
    return HfApi(endpoint=hub.url)


@pytest.fixture
def writer(hub: Hub) -> HfApi:
    hub.users = {"hf_writer": User("mika"), "hf_reader": User("mika", may_write=False)}
    return HfApi(endpoint=hub.url, token="hf_writer")


def test_a_whole_repository_comes_as_it_was_published(api: HfApi, tmp_path: Path) -> None:
    folder = Path(snapshot_download(SD15, endpoint=api.endpoint, cache_dir=tmp_path))
    here = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert here == base_model()


def test_a_snapshot_is_named_after_the_commit(api: HfApi, hub: Hub, tmp_path: Path) -> None:
    folder = snapshot_download(SD15, endpoint=api.endpoint, cache_dir=tmp_path, allow_patterns=["*.json"])
    assert Path(folder).name == hub.repositories[SD15].head.oid == api.model_info(SD15).sha


def test_the_listing_has_sizes_and_hashes_where_they_are_asked_for(api: HfApi) -> None:
    listed = {each.rfilename: each for each in api.model_info(SD15, files_metadata=True).siblings or ()}
    plain = {each.rfilename: each for each in api.model_info(SD15).siblings or ()}
    assert (listed[LARGE].size, len(listed[LARGE].lfs.sha256), listed[SMALL].lfs) == (3000, 64, None)
    assert plain[LARGE].size is None


def test_the_tree_and_the_listing_say_the_same(api: HfApi) -> None:
    listed = {each.rfilename: (each.size, each.blob_id) for each in api.model_info(SD15, files_metadata=True).siblings}
    assert {each.path: (each.size, each.blob_id) for each in api.list_repo_tree(SD15, recursive=True)} == listed


def test_a_large_file_is_described_by_its_hash_and_lies_on_another_host(api: HfApi, hub: Hub) -> None:
    found = get_hf_file_metadata(hf_hub_url(SD15, LARGE, endpoint=api.endpoint))
    assert (found.size, found.etag) == (3000, hub.repositories[SD15].head.files[LARGE].sha256)
    assert found.location.startswith(hub.cdn)


def test_the_other_host_is_told_no_token(hub: Hub, writer: HfApi, tmp_path: Path) -> None:
    hub.publish(SD15, base_model())
    hf_hub_download(SD15, LARGE, endpoint=hub.url, cache_dir=tmp_path, token="hf_writer")
    assert {each.token for each in hub.log if "/cdn/" in each.path} == {""}
    assert {each.token for each in hub.log if "/resolve/" in each.path} == {"hf_writer"}


def test_an_older_revision_stays_what_it_was(api: HfApi, hub: Hub, tmp_path: Path) -> None:
    old = hub.repositories[SD15].head.oid
    hub.publish(SD15, {SMALL: b"newer"})
    found = hf_hub_download(SD15, SMALL, revision=old, endpoint=hub.url, cache_dir=tmp_path)
    assert Path(found).read_bytes() == base_model()[SMALL]


@pytest.mark.parametrize(
    ("name", "revision", "path", "error"),
    [
        ("nobody/nothing", "main", SMALL, RepositoryNotFoundError),
        (SD15, "0" * 40, SMALL, RevisionNotFoundError),
        (SD15, "main", "nothing.json", RemoteEntryNotFoundError),
    ],
)
def test_what_is_not_there_is_told_apart(api: HfApi, tmp_path: Path, name, revision, path, error) -> None:
    with pytest.raises(error):
        hf_hub_download(name, path, revision=revision, endpoint=api.endpoint, cache_dir=tmp_path)


@pytest.mark.parametrize("token", [False, "hf_stranger"])
def test_a_gated_repository_is_only_for_those_who_accepted(hub: Hub, tmp_path: Path, token) -> None:
    hub.users = {"hf_stranger": User("stranger"), "hf_friend": User("friend")}
    hub.publish(SD15, base_model(), gated=True, accepted=frozenset({"friend"}))
    assert hf_hub_download(SD15, SMALL, endpoint=hub.url, cache_dir=tmp_path / "friend", token="hf_friend")
    with pytest.raises(GatedRepoError):
        hf_hub_download(SD15, SMALL, endpoint=hub.url, cache_dir=tmp_path / "stranger", token=token)


def test_the_client_resumes_after_what_it_kept_of_a_dropped_connection(hub: Hub, tmp_path: Path) -> None:
    chunk = 10 * 2**20  # the client's own: what came after the last full one is lost
    hub.publish("mika/large", {"model.safetensors": bytes(chunk + 9)})
    hub.fail(Dropped(path="/cdn/*", after=chunk + 5))
    hf_hub_download("mika/large", "model.safetensors", endpoint=hub.url, cache_dir=tmp_path)
    assert [each.range for each in hub.log if each.line.startswith("GET /cdn/")] == [0, chunk]


def test_a_refusal_is_met_as_often_as_it_says(api: HfApi, hub: Hub) -> None:
    hub.fail(Refused(path="/api/models/*", status=503))
    with pytest.raises(HfHubHTTPError, match="503"):
        api.model_info(SD15)
    assert api.model_info(SD15).id == SD15
    assert hub.asked() == [f"GET /api/models/{SD15}"] * 2


def test_the_client_learns_whose_its_token_is(writer: HfApi) -> None:
    told = writer.whoami()
    assert (told["name"], told["auth"]["accessToken"]["role"]) == ("mika", "write")


def test_one_commit_publishes_small_and_large_files_at_once(writer: HfApi, hub: Hub, tmp_path: Path) -> None:
    files = {"README.md": b"---\nlicense: mit\n---\n# Portraits\n", "a.safetensors": bytes(range(256)) * 9}
    writer.create_repo(OWN)
    writer.create_commit(
        OWN, [CommitOperationAdd(path, content) for path, content in files.items()], commit_message="x"
    )
    folder = Path(snapshot_download(OWN, endpoint=hub.url, cache_dir=tmp_path))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
    assert [each.summary for each in hub.repositories[OWN].commits] == ["initial commit", "x"]


def test_the_calls_of_a_commit_come_in_the_hubs_order(writer: HfApi, hub: Hub) -> None:
    writer.create_repo(OWN)
    writer.create_commit(OWN, [CommitOperationAdd("a.safetensors", b"weights")], commit_message="x")
    oid = hub.repositories[OWN].head.files["a.safetensors"].sha256
    assert hub.asked()[1:] == [
        f"POST /api/models/{OWN}/preupload/main",
        f"POST /{OWN}.git/info/lfs/objects/batch",
        f"PUT /lfs/{oid}",
        "POST /lfs/verify",
        f"POST /api/models/{OWN}/commit/main",
    ]


def test_a_file_that_is_there_already_is_not_sent_again(writer: HfApi, hub: Hub) -> None:
    writer.create_repo(OWN)
    for message in ("first", "second"):
        writer.create_commit(OWN, [CommitOperationAdd("a.safetensors", b"weights")], commit_message=message)
    assert len(hub.asked("PUT")) == 1
    assert hub.repositories[OWN].head.summary == "first"


def test_a_file_can_be_deleted_in_a_commit(writer: HfApi, hub: Hub) -> None:
    hub.publish(OWN, {"a.txt": b"a", "old/b.txt": b"b", "old/c.txt": b"c"})
    writer.create_commit(OWN, [CommitOperationDelete("old/", is_folder=True)], commit_message="x")
    assert set(hub.repositories[OWN].head.files) == {"a.txt"}


def test_a_commit_on_an_older_one_is_refused_and_changes_nothing(writer: HfApi, hub: Hub) -> None:
    hub.publish(OWN, {"a.txt": b"a"})
    old = hub.repositories[OWN].commits[0].oid
    with pytest.raises(HfHubHTTPError, match="412"):
        writer.create_commit(OWN, [CommitOperationAdd("b.txt", b"b")], commit_message="x", parent_commit=old)
    assert set(hub.repositories[OWN].head.files) == {"a.txt"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "*/preupload/*"),
        ("POST", "*/objects/batch"),
        ("PUT", "*"),
        ("POST", "/lfs/verify"),
        ("POST", "*/commit/*"),
    ],
)
def test_a_failing_call_leaves_the_repository_as_it_was_and_the_same_commit_finishes_it(
    writer: HfApi, hub: Hub, method: str, path: str
) -> None:
    files = {"README.md": b"---\nlicense: mit\n---\n", "a.safetensors": b"weights"}

    def publish() -> None:
        operations = [CommitOperationAdd(name, content) for name, content in files.items()]
        writer.create_commit(OWN, operations, commit_message="x")

    writer.create_repo(OWN)
    hub.fail(Refused(path=path, method=method, status=403))
    with pytest.raises((HfHubHTTPError, RuntimeError)):
        publish()
    assert hub.repositories[OWN].head.files == {}
    publish()
    assert {name: each.content for name, each in hub.repositories[OWN].head.files.items()} == files
    assert len(hub.repositories[OWN].commits) == 2


def test_front_matter_that_is_no_yaml_is_refused_before_anything_is_sent(writer: HfApi, hub: Hub) -> None:
    writer.create_repo(OWN)
    with pytest.raises(ValueError, match="Invalid metadata"):
        writer.create_commit(OWN, [CommitOperationAdd("README.md", b"---\na: [\n---\n")], commit_message="x")
    assert hub.asked()[1:] == ["POST /api/validate-yaml"]


def test_a_reader_may_not_write(writer: HfApi, hub: Hub) -> None:
    with pytest.raises(HfHubHTTPError, match="403"):
        HfApi(endpoint=hub.url, token="hf_reader").create_repo(OWN)
    assert hub.repositories == {}


def test_a_private_repository_is_hidden_from_strangers(writer: HfApi, hub: Hub) -> None:
    writer.create_repo(OWN, private=True)
    assert writer.model_info(OWN).private
    with pytest.raises(RepositoryNotFoundError):
        HfApi(endpoint=hub.url, token=False).model_info(OWN)


def test_a_repository_that_exists_is_a_conflict(writer: HfApi) -> None:
    writer.create_repo(OWN)
    with pytest.raises(HfHubHTTPError, match="409"):
        writer.create_repo(OWN)
    assert str(writer.create_repo(OWN, exist_ok=True)).endswith(OWN)
