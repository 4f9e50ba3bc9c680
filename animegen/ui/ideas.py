"""Ideas for a first picture: requests from a table that fill the controls."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def ideas() -> Mapping[str, Mapping[str, Any]]:
    """Return the fields of each request by the name that the page's texts know it under."""
    return tomllib.loads(Path(__file__).with_name("ideas.toml").read_text(encoding="utf-8"))
