"""The Hub's answers to those who read: what a repository is, which files it holds, and the files."""

from collections.abc import Mapping
from http import HTTPStatus

from tests.hub.answers import Answer, Request, part, refused, said
from tests.hub.repositories import Commit, File, Repository, User

LONG_AGO = "2026-01-01T00:00:00.000Z"


def may_not_read(repository: Repository | None, user: User | None) -> Answer | None:
    """Return the refusal for somebody who may not know of the repository, which is told as if there were none."""
    if repository is None or (repository.private and user is None):
        status = HTTPStatus.NOT_FOUND if user else HTTPStatus.UNAUTHORIZED
        return refused(status, "Repository not found", "RepoNotFound")
    return None


def info(repository: Repository, revision: str, *, blobs: bool) -> Answer:
    """Answer what ``HfApi.model_info`` asks; with ``blobs`` each file comes with its size and hashes."""
    commit = repository.at(revision)
    if commit is None:
        return no_revision(revision)
    return said(
        {
            "id": repository.id,
            "modelId": repository.id,
            "author": repository.id.partition("/")[0],
            "sha": commit.oid,
            "private": repository.private,
            "gated": "auto" if repository.gated else False,
            "disabled": False,
            "createdAt": LONG_AGO,
            "lastModified": LONG_AGO,
            "downloads": 0,
            "likes": 0,
            "tags": [],
            "siblings": [_sibling(path, each, blobs) for path, each in sorted(commit.files.items())],
        }
    )


def tree(repository: Repository, revision: str, folder: str) -> Answer:
    """Answer what ``HfApi.list_repo_tree`` asks, recursively: every file below a folder."""
    commit = repository.at(revision)
    if commit is None:
        return no_revision(revision)
    inside = {path: each for path, each in sorted(commit.files.items()) if not folder or path.startswith(f"{folder}/")}
    return said([_entry(path, each) for path, each in inside.items()])


def resolve(repository: Repository, revision: str, path: str, request: Request, user: User | None, cdn: str) -> Answer:
    """Answer with a file, or where a large one lies: on another host, which is given no token."""
    commit = repository.at(revision)
    if commit is None:
        return no_revision(revision)
    if repository.gated and (user is None or user.name not in repository.accepted):
        status = HTTPStatus.FORBIDDEN if user else HTTPStatus.UNAUTHORIZED
        return refused(status, f"Access to model {repository.id} is restricted.", "GatedRepo")
    if path not in commit.files:
        missing = refused(HTTPStatus.NOT_FOUND, "Entry not found", "EntryNotFound")
        return Answer(missing.status, missing.body, {"X-Repo-Commit": commit.oid, **missing.headers})
    return _file(commit, commit.files[path], request, cdn)


def large_file(stored: Mapping[str, bytes], sha256: str, first: int) -> Answer:
    """Answer as the host of large files, which knows their hashes only."""
    if sha256 not in stored:
        return refused(HTTPStatus.NOT_FOUND, "No such object")
    return part(stored[sha256], first, {"ETag": f'"{sha256}"'})


def whoami(user: User | None) -> Answer:
    """Answer whose token it is."""
    if user is None:
        return refused(HTTPStatus.UNAUTHORIZED, "Invalid username or password.")
    role = "write" if user.may_write else "read"
    token = {"type": "access_token", "accessToken": {"displayName": "tests", "role": role}}
    return said({"type": "user", "name": user.name, "fullname": user.name, "orgs": [], "auth": token})


def no_revision(revision: str) -> Answer:
    return refused(HTTPStatus.NOT_FOUND, f"Invalid rev id: {revision}", "RevisionNotFound")


def _entry(path: str, each: File) -> dict[str, object]:
    entry: dict[str, object] = {"type": "file", "path": path, "size": each.size, "oid": each.git_oid}
    if each.lfs:
        entry["lfs"] = {"oid": each.sha256, "size": each.size, "pointerSize": 134}
    return entry


def _sibling(path: str, each: File, blobs: bool) -> dict[str, object]:
    if not blobs:
        return {"rfilename": path}
    sibling: dict[str, object] = {"rfilename": path, "size": each.size, "blobId": each.git_oid}
    if each.lfs:
        sibling["lfs"] = {"sha256": each.sha256, "size": each.size, "pointerSize": 134}
    return sibling


def _file(commit: Commit, each: File, request: Request, cdn: str) -> Answer:
    named = {"X-Repo-Commit": commit.oid, "ETag": f'"{each.etag}"'}
    if not each.lfs:
        return part(each.content, request.range, named)
    linked = {"X-Linked-Etag": f'"{each.sha256}"', "X-Linked-Size": str(each.size)}
    return Answer(HTTPStatus.FOUND, b"", {**named, **linked, "Location": f"{cdn}/cdn/{each.sha256}"})
