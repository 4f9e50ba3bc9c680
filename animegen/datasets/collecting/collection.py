"""The pictures of a search gathered in a folder, each with caption and origin; one failure stops no other."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ValidationError

from animegen.datasets import side_files
from animegen.datasets.collecting.client import Client, SiteBusy
from animegen.datasets.collecting.post import LETTERS, MOST_BYTES, Post, Rating, check_content
from animegen.datasets.files import CAPTIONS, ORIGIN
from animegen.errors import CollectionFailed, DatasetRefused, InvalidRequest
from animegen.messages import Message, message

PAGE: Final = 100
BARREN: Final = 10
"""After so many pages in a row without a picture that can be used, the search ends."""
OWN: Final = frozenset({"rating", "is", "order", "limit"})
"""Metatags of a search that collecting sets itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of a post: its picture is ``new`` or was ``here``, or it was ``left out`` or ``failed`` and why."""

    post: str
    done: Literal["new", "here", "left out", "failed"]
    picture: Path | None = None
    reason: Message | None = None


def collect(query: str, out: Path, client: Client, *, limit: int, rating: Rating) -> Iterator[Outcome]:
    """Gather up to ``limit`` pictures of a search, the newest first; those that are here already count.

    Raises InvalidRequest for a search that is refused, CollectionFailed when the site cannot be searched any more, and
    DatasetRefused when the folder cannot be written; what is here stays, and the same call goes on from there.
    """
    _check(query, rating)
    here = {each.picture.stem: each.picture for each in side_files.entries(out.rglob("*"))}
    usable = barren = 0
    for page in _pages(query, client, rating):
        before = usable
        for each in page:
            outcome = _take(each, out, here, client, rating)
            yield outcome
            usable += outcome.picture is not None
            if usable == limit:
                return
        barren = barren + 1 if usable == before else 0
        if barren == BARREN:
            return


def _check(query: str, rating: Rating) -> None:
    """Raise InvalidRequest for a search that is empty, sets what collecting sets, or breaks the content rules."""
    words = query.split()
    if not words:
        raise InvalidRequest("datasets.collect_no_query")
    if own := tuple(word for word in words if ":" in word and word.lstrip("-~(").partition(":")[0].lower() in OWN):
        raise InvalidRequest("datasets.collect_metatag", words=own)
    check_content([query], rating)


def _pages(query: str, client: Client, rating: Rating) -> Iterator[list[Any]]:
    """Yield the posts of a search, page by page: each asks for what is older than the page before."""
    values = {"tags": f"{query} rating:{','.join(LETTERS[rating])}", "limit": str(PAGE)}
    oldest = None
    while True:
        page = client.search("/posts.json", values if oldest is None else {**values, "page": f"b{oldest}"})
        if not isinstance(page, list):
            raise CollectionFailed("datasets.collect_no_json", site=client.site)
        yield page
        ids = [each["id"] for each in page if isinstance(each, dict) and isinstance(each.get("id"), int)]
        if not ids or (oldest is not None and min(ids) >= oldest):
            return
        oldest = min(ids)


def _take(raw: Any, out: Path, here: dict[str, Path], client: Client, rating: Rating) -> Outcome:
    """Bring the picture of a post with what belongs beside it, and return what became of it."""
    try:
        post = Post.model_validate(raw)
    except ValidationError:
        return Outcome(post="?", done="failed", reason=message("datasets.collect_no_post"))
    url = f"{client.site}/posts/{post.id}"
    if objection := post.objection(rating):
        return Outcome(post=url, done="left out", reason=objection)
    known = here.get(str(post.md5))
    picture = known or out / f"{post.md5}.{post.file_ext}"
    try:
        if not known:
            _fetch(post, picture, client)
    except SiteBusy:
        raise
    except CollectionFailed as problem:
        return Outcome(post=url, done="failed", reason=problem.message)
    here[picture.stem] = picture
    _describe(post, picture, client.site)
    return Outcome(post=url, done="here" if known else "new", picture=picture)


def _fetch(post: Post, picture: Path, client: Client) -> None:
    """Download a picture aside, and give it its name once its hash is right."""
    part = picture.with_name(f"{picture.name}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        client.download(str(post.file_url), part, MOST_BYTES)
        with part.open("rb") as file:
            found = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
        if found != post.md5:
            part.unlink()
            raise CollectionFailed("datasets.collect_md5")
        part.replace(picture)
    except OSError as problem:
        raise DatasetRefused("datasets.side_unwritable", file=str(picture), why=str(problem.strerror)) from problem


def _describe(post: Post, picture: Path, site: str) -> None:
    """Write origin and caption beside a picture that has none."""
    origin = picture.with_suffix(ORIGIN)
    if not origin.exists():
        side_files.write(origin, json.dumps(post.origin(site), ensure_ascii=False, indent=2) + "\n")
    if post.tags and not any(picture.with_suffix(end).exists() for end in CAPTIONS):
        side_files.write(picture.with_suffix(CAPTIONS[0]), ", ".join(post.tags) + "\n")
