"""One name everywhere: a task, its verb on the command line, and its endpoint are called the same."""

import typer.main

from animegen.cli.verbs import app
from animegen.tasks import TASKS

LOOK_UPS = {"models", "emotions", "appearance", "styles", "loras"}
NOT_ON_THE_PAGE = {"prompt", "picture_info", "dataset", "train", "selftest", "evaluate", "bench"}
"""Verbs of the terminal: the page shows layers as one types, and has a tab for a picture's settings.

Nothing is trained on a public page."""

ON_THE_PAGE_ALONE = {"canny_edges"}
"""Endpoints that show what a task will do before it is drawn; the terminal draws at once."""


def task_names() -> set[str]:
    return {task.name for task in TASKS}


def verbs() -> set[str]:
    return set(typer.main.get_group(app).commands)


def endpoints() -> set[str]:
    from animegen.settings import Settings
    from animegen.studio import Studio
    from animegen.ui import api_names

    return {name.removeprefix("/") for name in api_names(Studio.load(Settings()))}


def test_a_verb_is_its_task_with_hyphens() -> None:
    assert {verb.replace("-", "_") for verb in verbs()} == task_names() | LOOK_UPS | NOT_ON_THE_PAGE


def test_the_page_offers_every_task_and_look_up_under_the_same_name() -> None:
    assert endpoints() == task_names() | LOOK_UPS | ON_THE_PAGE_ALONE
