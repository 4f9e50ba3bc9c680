"""What callers may send to the tab of training runs: names of what lies there, and nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from animegen.lora_files import Offers
from animegen.training.runs import Runs
from animegen.ui import build, launch_options, training
from tests.ui import asking
from tests.ui.conftest import Served
from tests.ui.fake_studio import FakeStudio
from tests.ui.random_requests import failures
from tests.ui.runs import RECIPE, make_run
from tests.ui.test_files_of_the_server import FORMS, REFUSED, canaries, copies

__all__ = ["canaries"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page that shows runs."""
    folder = tmp_path_factory.mktemp("own")
    for name in ("loras", "recipes"):
        (folder / name).mkdir()
    (folder / "recipes" / "mika.yaml").write_text(RECIPE.format(name="mika"))
    make_run(folder / "runs", "winter", "stopped", epoch=5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "gradio"))
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        studio = FakeStudio(Offers([folder / "loras"]))
        page = build(studio, runs=Runs(folder / "runs", folder / "recipes"))
        _, url, _ = page.launch(**launch_options(studio), prevent_thread_lock=True, quiet=True)
        yield Served(url.rstrip("/"), studio, page)
        page.close(verbose=False)


def of_the_tab(served: Served) -> Iterator[tuple[int, Any]]:
    for number, each in served.page.fns.items():
        if each.fn and each.fn.__module__ == training.__name__:
            yield number, each


@pytest.mark.parametrize("route", asking.ROUTES)
def test_no_function_of_the_tab_takes_a_file_of_the_server(
    served: Served, canaries: list[str], route: Callable[..., str]
) -> None:
    for number, each in of_the_tab(served):
        for form in FORMS.values():
            value = form(canaries[number % len(canaries)])
            answer = route(served, number, each.api_name, [value] * len(each.inputs), event_data={"index": 0})
            closed = route is asking.run and each.queue
            assert closed or REFUSED in answer, (each.api_name, value)
            assert "canary" not in answer
    assert copies() == []


@pytest.mark.parametrize("name", ["../winter", "/etc/passwd", "winter/../winter", "C:\\x", "\0", "x" * 9_000, 7, None])
def test_a_name_that_is_no_run_is_a_sentence(served: Served, name: object) -> None:
    for number, each in of_the_tab(served):
        if each.api_name in ("stop", "resume", "start"):
            assert "There is no re" in (answer := asking.join(served, number, each.api_name, [name])) or (
                "There is no run" in answer
            )


def test_random_requests_to_a_page_with_runs_leave_no_failure(served: Served, caplog, capfd) -> None:
    assert failures(served.url, 60, seed=2) == []
    assert "Traceback" not in "".join(capfd.readouterr()) + caplog.text


def test_no_path_stands_in_the_page_itself(served: Served) -> None:
    config = asking.WEB.get(f"{served.url}/config").text
    assert "winter" not in config
    assert "/own" not in config
