"""Nothing that people bring is executed: no pickle, no code of a repository, no model that a request names."""

import ast
import json
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from animegen.models import loading
from animegen.models.selection import choose
from animegen.tasks import TASKS, Task
from tests import tiny

ROOT = Path(__file__).parents[1]
LOADERS = {
    *("custom_pipeline", "trust_remote_code", "allow_pickle", "weights_only"),
    *("AutoModel", "AutoTokenizer", "AutoPipeline", "DiffusionPipeline", "get_class_from_dynamic_module"),
    *("torch.load", "torch.hub", "torch.jit", "pickle.load", "pickle.loads", "marshal.loads", "joblib", "dill"),
    *("eval", "exec", "runpy", "import_module"),
}
"""What unpickles, or imports code by a name that a file says."""
ALLOWED = {"animegen/models/pickles.py": {"torch.load", "weights_only"}}


def called(path: Path) -> Iterator[str]:
    """Yield the functions that a module calls, the keywords that it gives them, and the names that it imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize(
    "path", [*(ROOT / "animegen").rglob("*.py"), ROOT / "app.py"], ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_only_the_room_for_old_models_opens_pickles_and_none_runs_foreign_code(path: Path) -> None:
    assert LOADERS & set(called(path)) == ALLOWED.get(path.relative_to(ROOT).as_posix(), set())


def test_that_room_opens_them_as_plain_numbers() -> None:
    source = (ROOT / "animegen/models/pickles.py").read_text(encoding="utf-8")
    assert source.count("torch.load(") == source.count("weights_only=True)") == 1


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_no_request_names_a_model(task: type[Task]) -> None:
    words = ("model", "repo", "path", "url", "revision", "pipeline", "checkpoint")
    assert [field.name for field in fields(task) if any(word in field.name for word in words)] == []


@pytest.mark.parametrize(
    "config",
    ["model_index.json", "unet/config.json", "text_encoder/config.json", "tokenizer/tokenizer_config.json"],
)
def test_a_model_that_names_code_of_its_own_is_drawn_with_and_the_code_is_not_run(
    config: str, model_folder: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(model_folder, tmp_path / "mine"))
    done = tmp_path / "done"
    for folder in (copy, (copy / config).parent):
        (folder / "own.py").write_text(f"open({str(done)!r}, 'w')\nclass Own: pass\n")
    asked = dict.fromkeys(("AutoModel", "AutoTokenizer", "AutoConfig", "CLIPTextModel"), "own.Own")
    more = {"auto_map": asked, "trust_remote_code": True, "custom_pipeline": "own", "_custom_pipeline": "own"}
    (copy / config).write_text(json.dumps(json.loads((copy / config).read_bytes()) | more))
    row = choose(str(copy)).row
    assert loading.load(row, tiny.CPU, loading.folder_of(row)).unet
    assert not done.exists()
