"""What can go wrong on the way from the Hub, each in one sentence that says what to do."""

import errno
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

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

GIGABYTE = 10**9
LOG_IN = "log in with `hf auth login`"
NEWEST = "run `animegen models pull` with `--update` to take the newest one"

ANSWERS = (
    (
        GatedRepoError,
        f"{{0}} is only for those who accepted its licence; do so at https://huggingface.co/{{0}}, and {LOG_IN}.",
    ),
    (
        RepositoryNotFoundError,
        f"The Hub shows you no repository {{0}}; look at the name, or {LOG_IN} if it is private.",
    ),
    (RevisionNotFoundError, f"The locked revision of {{0}} is no longer on the Hub; {NEWEST}."),
    (RemoteEntryNotFoundError, f"A file of {{0}} is no longer on the Hub; {NEWEST}."),
)
"""Which errors of the client are told how; the more special ones come first."""


@contextmanager
def told(repository: str) -> Iterator[None]:
    """Turn what goes wrong inside into ModelUnavailable, with a sentence about this repository."""
    try:
        yield
    except OfflineModeIsEnabled as problem:
        raise ModelUnavailable(
            f"{repository} is not on this machine, and HF_HUB_OFFLINE forbids to download it; unset it, and try again."
        ) from problem
    except json.JSONDecodeError as problem:
        raise ModelUnavailable(
            f"{repository} is not on this machine, and something else answers in the Hub's place; "
            "log in to this network, or look at HF_ENDPOINT."
        ) from problem
    except HfHubHTTPError as problem:
        raise ModelUnavailable(_answered(repository, problem)) from problem
    except httpx2.HTTPError as problem:
        raise ModelUnavailable(
            f"{repository} is not on this machine, and the Hub cannot be reached; look at the network, and try again."
        ) from problem
    except OSError as problem:
        if problem.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise ModelUnavailable(
                f"{repository} cannot be kept on this machine ({problem.strerror}); set HF_HOME to a folder that can."
            ) from problem
        raise ModelUnavailable(
            f"The disk is full, and {repository} is not here in whole; free some space, or set HF_HOME to a folder "
            "on a bigger disk, and try again: what has arrived is kept."
        ) from problem


def check_space(repository: str, needed: int, folder: Path) -> None:
    """Raise ModelUnavailable when the disk of a folder, which need not exist yet, has not so many bytes left."""
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(existing).free
    if needed > free:
        raise ModelUnavailable(
            f"{repository} needs {needed / GIGABYTE:.1f} GB more, and {free / GIGABYTE:.1f} GB are free where models "
            "are kept; free some space, or set HF_HOME to a folder on a bigger disk."
        )


def _answered(repository: str, problem: HfHubHTTPError) -> str:
    for kind, sentence in ANSWERS:
        if isinstance(problem, kind):
            return sentence.format(repository)
    status = problem.response.status_code
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return f"The Hub does not let you read {repository}; {LOG_IN}, with a token that may read it."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return f"The Hub was asked too often and does not send {repository} now; wait some minutes, or {LOG_IN}."
    return f"The Hub cannot send {repository} now (it answers {status}); try again later."
