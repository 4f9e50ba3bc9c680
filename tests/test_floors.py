"""Imports go only down: every module is read, and each of its imports is held against the table of rooms."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

DATA = {"pydantic", "pydantic_settings"}
PAPER = {"PIL", "numpy", "safetensors"}
TORCH = PAPER | {"torch", "torchvision", "diffusers", "transformers", "tokenizers"}
LOADING = {"accelerate", "cachetools", "controlnet_aux", "huggingface_hub", "httpx2", "psutil"}
HEAVY = (
    *("torch", "diffusers", "transformers", "peft", "accelerate"),
    *("skia", "av", "controlnet_aux", "anthropic", "onnxruntime"),
)


@dataclass(frozen=True)
class Room:
    """A room's floor, the libraries from outside that it may import, and the rooms of its own floor it may enter."""

    floor: int
    libraries: frozenset[str]
    beside: frozenset[str] = frozenset()


def room(floor: int, libraries: set[str] | None = None, beside: tuple[str, ...] = ()) -> Room:
    return Room(floor, frozenset(libraries or ()), frozenset(beside))


GROUND = ("", "chibi", "errors", "logs", "messages", "settings", "tasks")
ON_PAPER = (
    *("prompts", "pictures", "lora_files", "datasets"),
    *("chibi.character", "chibi.artist", "chibi.captions", "chibi.wordings", "chibi.exam", "chibi.invented"),
)

ROOMS = {
    "": room(0),
    "chibi": room(0),
    "errors": room(0, beside=GROUND),
    "logs": room(0, beside=GROUND),
    "messages": room(0, beside=GROUND),
    "settings": room(0, DATA, beside=GROUND),
    "tasks": room(0, beside=GROUND),
    "prompts": room(1, DATA | {"anthropic"}, beside=ON_PAPER),
    "pictures": room(1, PAPER | {"av", "controlnet_aux", "cv2"}, beside=ON_PAPER),
    "lora_files": room(1, PAPER, beside=ON_PAPER),
    "datasets": room(1, PAPER | DATA | {"imagehash", "yaml"}, beside=ON_PAPER),
    "datasets.collecting": room(1, DATA | {"httpx2"}, beside=ON_PAPER),
    "chibi.character": room(1, beside=ON_PAPER),
    "chibi.artist": room(1, PAPER | {"skia"}, beside=ON_PAPER),
    "chibi.captions": room(1, {"tokenizers"}, beside=ON_PAPER),
    "chibi.wordings": room(1, beside=ON_PAPER),
    "chibi.exam": room(1, beside=ON_PAPER),
    "chibi.invented": room(1, beside=ON_PAPER),
    "models": room(2, TORCH | LOADING, beside=("models.onnx_sessions",)),
    "models.onnx_sessions": room(2, {"onnxruntime"}),
    "chibi.judge": room(2, TORCH, beside=("chibi.broken",)),
    "chibi.broken": room(2, TORCH, beside=("chibi.judge",)),
    "chibi.style_judge": room(2, TORCH, beside=("chibi.judge",)),
    "pipelines": room(3, TORCH | {"cachetools"}),
    "training": room(3, TORCH | {"peft", "accelerate", "cachetools", "filelock", "psutil", "yaml"} | DATA),
    "evaluation": room(3, TORCH | {"cv2"}),
    "publishing": room(3, TORCH | {"huggingface_hub"}),
    "studio": room(4, PAPER),
    "experiments": room(4, TORCH, beside=("studio", "chibi.build")),
    "batch": room(4, PAPER | {"ray"}, beside=("studio",)),
    "chibi.build": room(4, TORCH | DATA | {"cv2", "typer"}),
    "ui": room(5, PAPER | {"gradio", "fastapi", "pydantic"}),
    "cli": room(5, PAPER | {"typer", "rich", "pydantic"}, beside=("bench",)),
    "bench": room(5, TORCH | {"peft", "rich", "gradio_client"}),
    "app": room(6, {"spaces"}),
    "__main__": room(6),
}
ARTISTS_VISITORS = {"chibi.artist", "chibi.build", "experiments"}
"""The rooms that may draw with the artist: none of them answers a request."""
JUDGES = {"chibi.judge", "chibi.broken", "chibi.style_judge"}
JUDGES_VISITORS = {*JUDGES, "chibi.build", "evaluation", "experiments"}
"""The rooms that may ask a judge: what draws must never be tuned, request by request, by what measures it."""


def modules() -> list[Path]:
    return [*sorted((ROOT / "animegen").rglob("*.py")), *ROOT.glob("app.py")]


def name_of(path: Path) -> str:
    """Return the dotted name inside animegen: `prompts.layers`, `chibi`, and `` for the package itself."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    parts = parts[1:] if parts[0] == "animegen" else parts
    return ".".join(parts[:-1] if parts and parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the room with the longest name that holds the module."""
    rooms = [name for name in ROOMS if module == name or (name and module.startswith(name + "."))]
    assert rooms, f"animegen.{module} has no room in the table; give it one in ROOMS"
    return max(rooms, key=len)


def statements(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield the imports anywhere below, but those that only a type checker sees."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for branch in child.orelse:
                yield from statements(branch)
        else:
            yield from statements(child)


def imported(path: Path) -> Iterator[str]:
    """Yield the full dotted name of each module or name that the file imports."""
    for statement in statements(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        else:
            assert statement.level == 0, f"{path.name}: write the import out in full, from animegen down"
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)


def inside(name: str) -> str:
    """Return the module inside animegen that an imported name lives in (the name itself may be a function)."""
    parts = name.split(".")
    while len(parts) > 1:
        path = ROOT.joinpath(*parts)
        if path.with_suffix(".py").exists() or (path / "__init__.py").exists():
            break
        parts.pop()
    return ".".join(parts[1:])


def broken_rules(path: Path) -> Iterator[str]:
    here = room_of(name_of(path))
    for name in imported(path):
        top = name.partition(".")[0]
        if top == "animegen":
            there = room_of(inside(name))
            sideways = there == here or there in ROOMS[here].beside
            if not (sideways or ROOMS[there].floor < ROOMS[here].floor):
                yield f"{here or 'animegen'} imports {there}, which is not below it"
            if there == "chibi.artist" and here not in ARTISTS_VISITORS:
                yield f"{here} imports the artist, which draws training pictures only"
            if there in JUDGES and here not in JUDGES_VISITORS:
                yield f"{here} imports a judge, which measures drawings and takes no part in them"
        elif top not in sys.stdlib_module_names and top not in ROOMS[here].libraries:
            yield f"{here or 'animegen'} imports {top}, which its floor does not allow"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    assert list(broken_rules(path)) == []


@pytest.mark.parametrize("here", ["pipelines", "studio", "ui"])
@pytest.mark.parametrize("judge", sorted(JUDGES))
def test_what_answers_a_request_may_not_ask_a_judge(monkeypatch: pytest.MonkeyPatch, here: str, judge: str) -> None:
    path = ROOT / "animegen" / here / "__init__.py"
    monkeypatch.setattr(f"{__name__}.imported", lambda _: iter([f"animegen.{judge}"]))
    assert any("a judge" in rule for rule in broken_rules(path))


def test_a_room_may_only_enter_the_rooms_of_its_own_floor_beside_it() -> None:
    for name, here in ROOMS.items():
        assert {ROOMS[other].floor for other in here.beside} <= {here.floor}, name


def loaded_after(code: str) -> set[str]:
    """Return which heavy libraries a fresh process holds after running the code."""
    report = f"import sys\n{code}\nprint('\\n' + ' '.join(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("module", ["animegen", "animegen.prompts", "animegen.studio", "animegen.ui", "animegen.cli"])
def test_importing_it_loads_no_heavy_library(module: str) -> None:
    if not (ROOT / module.replace(".", "/")).exists() and not (ROOT / (module.replace(".", "/") + ".py")).exists():
        pytest.skip(f"{module} does not exist yet")
    assert loaded_after(f"import {module}") == set()


def test_help_loads_no_heavy_library() -> None:
    asked = "from animegen.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    assert loaded_after(asked) == set()


def test_help_loads_typer_and_few_modules_besides() -> None:
    """A bare interpreter has some sixty; rich, pydantic, numpy and the readers of files wait until there is work."""
    code = (
        "import sys\nbefore = set(sys.modules)\nfrom animegen.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(*set(sys.modules) - before, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stderr.split())
    outside = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names
    assert outside <= {"animegen", "typer", "annotated_doc", "shellingham"}
    assert {name for name in loaded if name.startswith("animegen.")} <= {
        *("animegen.cli", "animegen.errors", "animegen.logs", "animegen.messages", "animegen.tasks"),
        *(name for name in loaded if name.startswith(("animegen.cli.", "animegen.messages.", "animegen.tasks."))),
    }
    assert len(loaded) < 180
