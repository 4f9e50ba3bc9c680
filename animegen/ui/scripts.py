"""The page's scripts: each is a file, an expression that is a function of named parameters and returns a handler."""

import json
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).with_name("scripts")


def source(name: str) -> str:
    """Return the text of a script."""
    return (FOLDER / f"{name}.js").read_text(encoding="utf-8").strip()


def script(name: str, **parameters: Any) -> str:
    """Return the handler of a script as gradio's ``js`` takes it; the parameters reach it as JSON."""
    return f"({source(name)})({json.dumps(parameters, ensure_ascii=False)})"
