"""Pictures from a booru of our own: what is kept of each, what is left out, and how politely they are fetched."""

import json
from pathlib import Path
from typing import Any

import pytest

from animegen.datasets.collecting import Client
from animegen.datasets.collecting import client as client_module
from animegen.datasets.collecting import collection as collection_module
from animegen.datasets.collecting.client import SiteBusy
from animegen.errors import InvalidRequest
from tests.booru import Answer, Booru
from tests.datasets.collecting_runs import Clock, done, names, path_of, run

# What is kept


def test_a_picture_comes_as_it_is_with_caption_and_origin_beside_it(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    (found,) = run(client, out)
    assert found.picture == out / f"{post['md5']}.png"
    assert found.picture.read_bytes() == booru.files[path_of(post)]
    assert found.picture.with_suffix(".txt").read_text() == "mika (animegen), 1girl, blue eyes, >_<\n"
    assert names(out) == {f"{post['md5']}.{end}" for end in ("png", "txt", "json")}


def test_source_artist_rating_and_licence_are_kept(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add(source="https://例え.jp/絵", tag_string_artist="mame azuki")
    run(client, out)
    origin = json.loads((out / f"{post['md5']}.json").read_text(encoding="utf-8"))
    assert origin == {
        "site": booru.url,
        "post": f"{booru.url}/posts/1",
        "md5": post["md5"],
        "rating": "general",
        "source": "https://例え.jp/絵",
        "artists": ["mame", "azuki"],
        "copyrights": ["animegen"],
        "characters": ["mika_(animegen)"],
        "licence": "not stated by the site; the picture belongs to its artist",
        "file": post["file_url"],
        "width": 16,
        "height": 17,
    }


def test_pages_are_asked_for_by_the_oldest_post_of_the_one_before(booru: Booru, client: Client, out: Path) -> None:
    for _ in range(7):
        booru.add()
    found = run(client, out)
    assert [each.post.rpartition("/")[2] for each in found] == list("7654321")
    search = "/posts.json?tags=1girl+rating%3Ag&limit=100"
    assert booru.asked("/posts") == [search, f"{search}&page=b5", f"{search}&page=b2", f"{search}&page=b1"]


def test_it_ends_at_the_limit(booru: Booru, client: Client, out: Path) -> None:
    for _ in range(7):
        booru.add()
    assert done(run(client, out, limit=4)) == ["new"] * 4
    assert len(booru.asked("/posts")) == 2


def test_a_second_run_counts_what_is_there_and_fetches_the_rest(booru: Booru, client: Client, out: Path) -> None:
    for _ in range(4):
        booru.add()
    run(client, out, limit=2)
    assert done(run(client, out, limit=4)) == ["here", "here", "new", "new"]
    assert len(booru.asked("/data/")) == 4


def test_a_picture_that_was_sorted_into_a_folder_is_there(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    run(client, out)
    (out / "happy_anime").mkdir()
    for end in ("png", "txt", "json"):
        (out / f"{post['md5']}.{end}").rename(out / "happy_anime" / f"{post['md5']}.{end}")
    assert done(run(client, out)) == ["here"]
    assert not list(out.glob("*.*"))


def test_a_caption_by_hand_is_kept_and_a_lost_origin_written_again(booru: Booru, client: Client, out: Path) -> None:
    post = booru.add()
    run(client, out)
    (out / f"{post['md5']}.txt").write_text("by hand")
    (out / f"{post['md5']}.json").unlink()
    run(client, out)
    assert (out / f"{post['md5']}.txt").read_text() == "by hand"
    assert (out / f"{post['md5']}.json").exists()


# What is left out


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"rating": "s"}, "collect_rated"),
        ({"rating": "q"}, "collect_rated"),
        ({"rating": "e"}, "collect_rated"),
        ({"is_deleted": True}, "collect_hidden"),
        ({"is_banned": True}, "collect_hidden"),
        ({"md5": None, "file_url": None}, "collect_hidden"),
        ({"file_ext": "mp4"}, "collect_no_picture"),
        ({"file_size": 10**9}, "collect_too_large"),
    ],
)
def test_a_post_is_left_out_with_the_reason(
    booru: Booru, client: Client, out: Path, changes: dict[str, Any], reason: str
) -> None:
    booru.add(**changes)
    (found,) = run(client, out)
    assert (found.done, found.reason.id) == ("left out", f"datasets.{reason}")
    assert booru.asked("/data/") == []


def test_sensitive_pictures_come_on_request_only_and_no_others(booru: Booru, client: Client, out: Path) -> None:
    for rating in "gsqe":
        booru.add(rating=rating)
    assert done(run(client, out, rating="sensitive")) == ["left out", "left out", "new", "new"]
    assert "rating%3Ag%2Cs" in booru.asked("/posts")[0]


@pytest.mark.parametrize("rating", ["general", "sensitive"])
def test_a_search_is_held_to_the_content_rules(booru: Booru, client: Client, out: Path, rating: str) -> None:
    with pytest.raises(InvalidRequest) as problem:
        run(client, out, query="child underwear", rating=rating)
    assert problem.value.message.id == "prompts.sexual_minor"
    assert booru.log == []


def test_of_minors_only_general_pictures_come(booru: Booru, client: Client, out: Path) -> None:
    booru.add(rating="s", tag_string_general="child")
    booru.add(rating="g", tag_string_general="child")
    assert done(run(client, out, rating="sensitive")) == ["new", "left out"]
    with pytest.raises(InvalidRequest):
        run(client, out, query="child", rating="sensitive")


@pytest.mark.parametrize(
    "query", ["1girl rating:e", "-rating:g", "is:nsfw", "order:score", "1girl Limit:5", "(~rating:q"]
)
def test_what_collecting_sets_itself_cannot_be_searched(booru: Booru, client: Client, out: Path, query: str) -> None:
    with pytest.raises(InvalidRequest, match="from the search; use the options"):
        run(client, out, query=query)
    assert booru.log == []


def test_an_empty_search_is_one_sentence(client: Client, out: Path) -> None:
    with pytest.raises(InvalidRequest, match="Name what to search for"):
        run(client, out, query=" ")


def test_pages_without_anything_to_use_come_to_an_end(booru: Booru, client: Client, out: Path) -> None:
    for _ in range(60):
        booru.add(rating="q")
    run(client, out)
    assert len(booru.asked("/posts")) == collection_module.BARREN


def test_a_site_that_repeats_its_page_is_asked_no_further(booru: Booru, client: Client, out: Path) -> None:
    page = json.dumps([booru.add(), booru.add()]).encode()
    booru.faults["/posts.json"] = [Answer(200, page)] * 9
    run(client, out)
    assert len(booru.asked("/posts")) == 2


# Politeness


def test_a_request_a_second_under_its_own_name(booru: Booru, client: Client, out: Path, clock: Clock) -> None:
    booru.add()
    booru.add()
    run(client, out)
    assert clock.slept == [1.0] * (len(booru.log) - 1)
    assert all(agent.startswith("animegen/") for agent in booru.agents)


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_the_site_asks_for(
    booru: Booru, client: Client, out: Path, clock: Clock, status: int
) -> None:
    post = booru.add()
    booru.faults[path_of(post)] = [Answer(status, headers={"Retry-After": "42"})]
    assert done(run(client, out)) == ["new"]
    assert 42 in clock.slept


def test_a_date_to_come_back_at_is_understood(booru: Booru, client: Client, out: Path, clock: Clock) -> None:
    booru.add()
    booru.faults["/posts.json"] = [Answer(503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})]
    assert done(run(client, out)) == ["new"]
    assert client_module.PAUSES[0] in clock.slept


@pytest.mark.parametrize("answers", [[Answer(429)] * 9, [Answer(429, headers={"Retry-After": "9999"})]])
def test_a_site_that_wants_to_be_left_alone_is(booru: Booru, client: Client, out: Path, answers: list[Answer]) -> None:
    booru.add()
    post = booru.add()
    booru.faults[path_of(post)] = answers
    with pytest.raises(SiteBusy, match="run the same command again in"):
        run(client, out)
    assert len(booru.asked("/data/")) <= 1 + len(client_module.PAUSES)
