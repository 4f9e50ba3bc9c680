"""Faults on the way from a booru of our own: what is resumed, thrown away or listed, and where nobody is asked."""

import json
from pathlib import Path
from typing import Any

import pytest

from animegen.datasets.collecting import Client
from animegen.datasets.collecting import client as client_module
from animegen.datasets.collecting import collection as collection_module
from animegen.datasets.collecting.addresses import check
from animegen.errors import CollectionFailed, DatasetRefused
from tests.booru import Answer, Booru, serving
from tests.datasets.collecting_runs import Clock, done, names, path_of, run


def test_a_broken_connection_is_resumed_at_the_first_missing_byte(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    path = path_of(post)
    booru.faults[path] = [Answer(200, booru.files[path], cut=30)]
    assert done(run(client, out)) == ["new"]
    assert booru.asked("/data/") == [path, f"{path} from 30"]
    assert (out / f"{post['md5']}.png").read_bytes() == booru.files[path]


def test_a_later_run_resumes_too(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    path = path_of(post)
    out.mkdir()
    (out / f"{post['md5']}.png.part").write_bytes(booru.files[path][:20])
    assert done(run(client, out)) == ["new"]
    assert booru.asked("/data/") == [f"{path} from 20"]


def test_a_whole_file_that_never_got_its_name_is_fetched_again(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    out.mkdir()
    (out / f"{post['md5']}.png.part").write_bytes(booru.files[path_of(post)])
    assert done(run(client, out)) == ["new"]
    assert f"{post['md5']}.png.part" not in names(out)


def test_one_broken_post_never_stops_the_rest(booru: Booru, client: Client, out: Path) -> None:
    booru.add()
    gone, refused, drops = booru.add(), booru.add(), booru.add()
    booru.add()
    booru.files.pop(path_of(gone))
    booru.faults[path_of(refused)] = [Answer(403)]
    booru.faults[path_of(drops)] = [Answer(500)] * 9
    found = run(client, out)
    assert done(found) == ["new", "failed", "failed", "failed", "new"]
    assert [each.reason.id for each in found[1:4]] == [
        *("datasets.collect_unreachable", "datasets.collect_refused", "datasets.collect_refused"),
    ]


def test_a_file_that_is_not_what_the_site_describes_is_thrown_away(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    booru.files[path_of(post)] = b"another file"
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("failed", "datasets.collect_md5")
    assert names(out) == set()


def test_a_file_that_is_larger_than_it_may_be_is_not_kept(
    booru: Booru, client: Client, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    booru.add(file_size=0)
    monkeypatch.setattr(collection_module, "MOST_BYTES", 50)
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("failed", "datasets.collect_too_large")
    assert names(out) == set()


@pytest.mark.parametrize(
    "changes",
    [{"md5": "../../evil"}, {"md5": "0" * 31 + "/"}, {"id": "../1"}, {"id": -1}, {"rating": None}, {"file_size": "x"}],
    ids=str,
)
def test_a_post_that_makes_no_sense_fails_and_writes_nothing(
    booru: Booru, client: Client, out: Path, tmp_path: Path, changes: dict[str, Any]
) -> None:
    booru.faults["/posts.json"] = [Answer(200, json.dumps([booru.add() | changes]).encode())]
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("failed", "datasets.collect_no_post")
    assert names(tmp_path) == set()


def test_an_extension_with_a_path_in_it_is_left_out(booru: Booru, client: Client, out: Path, tmp_path: Path) -> None:
    booru.add(file_ext="/../../evil.png")
    assert done(run(client, out)) == ["left out"]
    assert names(tmp_path) == set()


@pytest.mark.parametrize("body", [b"<html>Welcome</html>", b"{}", b'"posts"', b"\xff"])
def test_a_site_of_another_kind_is_one_sentence(booru: Booru, client: Client, out: Path, body: bytes) -> None:
    booru.faults["/posts.json"] = [Answer(200, body)]
    with pytest.raises(CollectionFailed, match="does not answer as a Danbooru site does"):
        run(client, out)


def test_an_endless_answer_is_not_read(
    booru: Booru, client: Client, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "ANSWER_BYTES", 100)
    booru.add()
    with pytest.raises(CollectionFailed, match="does not answer as a Danbooru site does"):
        run(client, out)


def test_why_a_site_refuses_is_said_in_its_printable_words(booru: Booru, client: Client, out: Path) -> None:
    body = json.dumps({"success": False, "message": "You cannot search for more than 2 tags\x1b[2J"}).encode()
    booru.faults["/posts.json"] = [Answer(422, body)]
    with pytest.raises(CollectionFailed, match=r"refuses \(422: You cannot search for more than 2 tags\[2J\)"):
        run(client, out)


def test_a_site_that_cannot_be_reached_is_one_sentence(clock: Clock, out: Path) -> None:
    with serving() as gone:
        url = gone.url
    client = Client(url, clock=clock, sleep=clock.sleep)
    with pytest.raises(CollectionFailed, match=r"cannot be reached \(ConnectError\)"):
        run(client, out)
    client.close()


def test_a_folder_that_cannot_be_written_is_one_sentence(booru: Booru, client: Client, out: Path) -> None:
    booru.add()
    out.write_text("a file where the folder has to be")
    with pytest.raises(DatasetRefused, match="Cannot write"):
        run(client, out)


# Where it may go


@pytest.mark.parametrize("to", ["http://10.0.0.1/a", "http://169.254.169.254/latest/meta-data", "http://[fd00::1]/"])
def test_a_redirect_into_a_private_network_is_not_followed(booru: Booru, client: Client, out: Path, to: str) -> None:
    post = booru.add()
    booru.faults[path_of(post)] = [Answer(302, headers={"Location": to})]
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("failed", "datasets.collect_private")


@pytest.mark.parametrize(
    "to", ["file:///etc/passwd", "ftp://example.org/a", "http://user@127.0.0.1/", "http://h:99999/"]
)
def test_a_file_is_fetched_over_the_web_alone(booru: Booru, client: Client, out: Path, to: str) -> None:
    booru.add(file_url=to)
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("failed", "datasets.collect_no_url")


def test_a_redirect_between_allowed_hosts_is_followed(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add(file_url="/old/a.png")
    booru.faults["/old/a.png"] = [Answer(301, headers={"Location": f"{booru.files_url}{path_of(post)}"})]
    assert done(run(client, out)) == ["new"]


def test_endless_redirects_fail(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    booru.faults[path_of(post)] = [Answer(302, headers={"Location": path_of(post)})] * 99
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("failed", "datasets.collect_redirects")


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://[::1]/", "http://[::ffff:127.0.0.1]/"],
)
def test_this_machine_may_be_asked_only_when_the_site_lies_on_it(url: str) -> None:
    with pytest.raises(CollectionFailed, match="lies in a private network"):
        check(url, loopback=False)
    check(url, loopback=True)


@pytest.mark.parametrize("url", ["http://192.168.1.1/", "http://0.0.0.0/", "http://[::ffff:10.0.0.1]/"])
def test_a_private_network_may_never_be_asked(url: str) -> None:
    with pytest.raises(CollectionFailed, match="lies in a private network"):
        check(url, loopback=True)


def test_a_public_address_may_be_asked() -> None:
    check("https://93.184.215.14/a.png", loopback=False)


@pytest.mark.parametrize("site", ["danboru", "ftp://example.org", "http://", "https://me:key@example.org"])
def test_a_site_that_is_no_address_is_one_sentence(site: str) -> None:
    with pytest.raises(CollectionFailed, match="is not an address of the web"):
        Client(site)
