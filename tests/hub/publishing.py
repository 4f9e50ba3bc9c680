"""The Hub's answers to those who publish: a repository, large files first, then everything in one commit."""

import base64
import hashlib
import json
from collections.abc import MutableMapping
from http import HTTPStatus

import yaml

from tests.hub.answers import Answer, Request, refused, said
from tests.hub.repositories import File, Repository, User, is_large


def may_not_write(owner: str, user: User | None) -> Answer | None:
    """Return the refusal for somebody who may not write what belongs to ``owner``."""
    if user is None:
        return refused(HTTPStatus.UNAUTHORIZED, "Invalid username or password.")
    if not user.may_write or user.name != owner:
        return refused(HTTPStatus.FORBIDDEN, f"You don't have the rights to write to {owner}'s namespace")
    return None


def create(repositories: MutableMapping[str, Repository], request: Request, user: User | None, url: str) -> Answer:
    """Make a repository; one that exists is a conflict."""
    wanted = request.json()
    owner = wanted.get("organization") or (user.name if user else "")
    name, kind = f"{owner}/{wanted['name']}", wanted.get("type") or "model"
    if refusal := may_not_write(owner, user):
        return refusal
    place = {"url": f"{url}/{'' if kind == 'model' else kind + 's/'}{name}"}
    if name in repositories:
        return said({"error": f"You already created this {kind} repo", **place}, HTTPStatus.CONFLICT)
    repositories[name] = Repository(name, kind, private=wanted.get("visibility") == "private")
    return said(place)


def validate_yaml(request: Request) -> Answer:
    """Say whether the front matter of a README is a mapping in YAML."""
    content = request.json()["content"]
    try:
        front = yaml.safe_load(content.split("---\n")[1]) if content.startswith("---\n") else {}
    except (yaml.YAMLError, IndexError) as problem:
        front, said_wrong = None, str(problem)
    else:
        said_wrong = "The front matter is no mapping."
    if not isinstance(front, dict):
        return said({"errors": [{"message": said_wrong}], "warnings": []}, HTTPStatus.BAD_REQUEST)
    return said({"errors": [], "warnings": [] if front else [{"message": "empty or missing yaml metadata"}]})


def preupload(repository: Repository, request: Request) -> Answer:
    """Say of each file whether it is to come with the commit or before it, and what lies there now."""
    return said({"files": [_mode(repository, each["path"], each["size"]) for each in request.json()["files"]]})


def lfs_batch(stored: MutableMapping[str, bytes], request: Request, url: str) -> Answer:
    """Say where large files are to be sent; those that are here already need not come (git-lfs, batch API)."""
    verify = {"href": f"{url}/lfs/verify"}
    objects = [
        each if each["oid"] in stored else each | {"actions": {"upload": {"href": _put(url, each)}, "verify": verify}}
        for each in request.json()["objects"]
    ]
    return Answer(200, json.dumps({"transfer": "basic", "objects": objects}).encode(), {"Content-Type": LFS})


def lfs_put(stored: MutableMapping[str, bytes], request: Request, sha256: str) -> Answer:
    """Keep a large file if it is what its name says."""
    if hashlib.sha256(request.body).hexdigest() != sha256:
        return refused(HTTPStatus.BAD_REQUEST, "The content's hash is another one")
    stored[sha256] = request.body
    return Answer()


def lfs_verify(stored: MutableMapping[str, bytes], request: Request) -> Answer:
    """Say whether a large file has arrived whole."""
    wanted = request.json()
    if len(stored.get(wanted["oid"], b"")) != wanted["size"]:
        return refused(HTTPStatus.NOT_FOUND, "Object not found")
    return said({"message": "ok"})


def commit(repository: Repository, stored: MutableMapping[str, bytes], request: Request, url: str) -> Answer:
    """Make all changes at once, or none: a large file that never came, or a newer commit, refuses them all."""
    header, *changes = [json.loads(line) for line in request.body.splitlines()]
    if header["value"].get("parentCommit", repository.head.oid) != repository.head.oid:
        return refused(HTTPStatus.PRECONDITION_FAILED, "A commit has happened since. Please refresh and try again.")
    wanted = {each["value"]["path"]: each for each in changes}
    absent = [path for path, each in wanted.items() if each["key"] == "lfsFile" and each["value"]["oid"] not in stored]
    if absent:
        return refused(HTTPStatus.BAD_REQUEST, f"The large file of {absent[0]} was never uploaded")
    added = {path: _added(each, stored) for path, each in wanted.items() if each["key"] in {"file", "lfsFile"}}
    deleted = [
        path.rstrip("/") + "/" * (each["key"] == "deletedFolder") for path, each in wanted.items() if path not in added
    ]
    made = repository.commit(header["value"]["summary"], added, tuple(deleted))
    return said({"success": True, "commitOid": made.oid, "commitUrl": f"{url}/{repository.id}/commit/{made.oid}"})


LFS = "application/vnd.git-lfs+json"


def _put(url: str, each: dict[str, str]) -> str:
    return f"{url}/lfs/{each['oid']}"


def _mode(repository: Repository, path: str, size: int) -> dict[str, object]:
    known = repository.head.files.get(path)
    mode = "lfs" if is_large(path, size) else "regular"
    return {"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": known.etag if known else None}


def _deleted(path: str, key: str) -> str:
    return path.rstrip("/") + "/" * (key == "deletedFolder")


def _added(change: dict[str, dict[str, str]], stored: MutableMapping[str, bytes]) -> File:
    value = change["value"]
    if "oid" in value:
        return File(stored[value["oid"]], lfs=True)
    return File(base64.b64decode(value["content"]), lfs=False)
