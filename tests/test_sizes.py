"""A room stays readable: no module over 300 lines, no function over 60."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [*sorted((ROOT / "animegen").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py")), *ROOT.glob("app.py")]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_and_its_functions_keep_their_size(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
    assert [each.name for each in functions(path) if each.end_lineno - each.lineno >= 60] == []
