"""Errors on the way from the Hub, each as a message that says what to do."""

import errno
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx2
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from animegen.errors import ModelUnavailable
from animegen.messages import Message, message

GIGABYTE: Final = 10**9
DISK_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
BY_CLASS: Final[Mapping[type[HfHubHTTPError], str]] = {
    GatedRepoError: "models.hub_gated",
    RepositoryNotFoundError: "models.hub_unknown_repository",
    RevisionNotFoundError: "models.hub_revision_gone",
    RemoteEntryNotFoundError: "models.hub_file_gone",
}
"""The message of each of the client's errors; the more special class comes first."""
BY_STATUS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: "models.hub_forbidden",
    HTTPStatus.FORBIDDEN: "models.hub_forbidden",
    HTTPStatus.TOO_MANY_REQUESTS: "models.hub_rate_limit",
}


@contextmanager
def hub_errors(repository: str) -> Iterator[None]:
    """Turn what goes wrong while a repository is downloaded into ModelUnavailable."""
    try:
        yield
    except OfflineModeIsEnabled as problem:
        raise ModelUnavailable("models.hub_offline", repository=repository) from problem
    except json.JSONDecodeError as problem:
        raise ModelUnavailable("models.hub_impostor", repository=repository) from problem
    except HfHubHTTPError as problem:
        raise ModelUnavailable(_message(repository, problem)) from problem
    except httpx2.HTTPError as problem:
        raise ModelUnavailable("models.hub_unreachable", repository=repository) from problem
    except OSError as problem:
        if problem.errno in DISK_FULL:
            raise ModelUnavailable("models.disk_full", repository=repository) from problem
        raise ModelUnavailable("models.cache_unwritable", repository=repository, why=str(problem.strerror)) from problem


def check_space(repository: str, needed: int, folder: Path) -> None:
    """Raise ModelUnavailable when the disk of a folder, which need not exist yet, has not so many bytes left."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if needed > free:
        values = {"needed": needed / GIGABYTE, "free": free / GIGABYTE}
        raise ModelUnavailable("models.disk_space", repository=repository, **values)


def _message(repository: str, problem: HfHubHTTPError) -> Message:
    status = problem.response.status_code
    by_class = (key for kind, key in BY_CLASS.items() if isinstance(problem, kind))
    key = next(by_class, BY_STATUS.get(status, "models.hub_failed"))
    return message(key, repository=repository, status=status)
