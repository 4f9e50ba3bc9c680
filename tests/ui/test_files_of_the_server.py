"""No function of the page hands out, opens or copies a file that gradio did not take in, by whichever route."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkstemp
from typing import Any

import pytest
from gradio.utils import get_upload_folder
from PIL import Image

from tests.ui import asking
from tests.ui.conftest import Served

CANARY = b"a canary that nobody may hear"
REFUSED = "Choose a picture first."
PAST_THE_QUEUE = "does not accept direct HTTP POST requests"
FILE = {"_type": "gradio.FileData"}
FORMS: dict[str, Callable[[str], Any]] = {
    "a file": lambda path: {"path": path, "meta": FILE},
    "no meta": lambda path: {"path": path},
    "a url too": lambda path: {"path": path, "url": "/gradio_api/file=x.png", "meta": FILE, "is_stream": True},
    "odd meta": lambda path: {"path": path, "meta": "gradio.FileData"},
    "gallery": lambda path: [{"image": {"path": path}, "caption": None}],
    "film": lambda path: [{"video": {"path": path, "meta": FILE}, "caption": None}],
    "deep": lambda path: [[{"a": [{"b": {"path": path, "meta": FILE}}]}]],
    "update": lambda path: {"__type__": "update", "value": {"path": path, "meta": FILE}},
}


@pytest.fixture(scope="module")
def canaries(served: Served) -> Iterator[list[str]]:
    """Ways to name a file of the working folder and one of the temporary folder."""
    working = Path("canary-of-the-tests.png")
    working.write_bytes(CANARY)
    _, temporary = mkstemp(suffix=".png")
    Path(temporary).write_bytes(CANARY)
    uploads = Path(get_upload_folder())
    uploads.mkdir(exist_ok=True)
    link = uploads / "link.png"
    link.symlink_to(temporary)
    yield [str(working), str(working.resolve()), temporary, str(link), f"{uploads}/../{Path(temporary).name}"]
    for each in (working, Path(temporary), link):
        each.unlink()


def copies() -> list[Path]:
    files = (each for each in Path(get_upload_folder()).rglob("*") if each.is_file() and not each.is_symlink())
    return [each for each in files if CANARY in each.read_bytes()]


def functions(served: Served) -> list[tuple[int, str, int]]:
    """Return number, name and number of inputs of each function that the configuration names and that runs here."""
    config = asking.WEB.get(f"{served.url}/config").json()
    every = [(each["id"], each["api_name"] or "none", len(each["inputs"])) for each in config["dependencies"]]
    return [each for each in every if served.page.fns[each[0]].fn]


@pytest.mark.parametrize("route", asking.ROUTES)
def test_no_function_of_the_page_hands_out_a_file_of_the_server(
    served: Served, canaries: list[str], route: Callable[..., str]
) -> None:
    forms = list(FORMS.values())
    for number, name, inputs in functions(served):
        value = forms[number % len(forms)](canaries[number % len(canaries)])
        answer = route(served, number, name, [value] * inputs, event_data={"index": 0, "value": value})
        closed = route is asking.run and served.page.fns[number].queue and not served.page.api_open
        assert (PAST_THE_QUEUE if closed else REFUSED) in answer or not inputs, (number, name, value)
        assert "canary" not in answer
    assert copies() == []


@pytest.mark.parametrize("form", FORMS)
def test_a_path_from_elsewhere_is_refused_in_every_form(served: Served, canaries: list[str], form: str) -> None:
    for path in canaries:
        for name, inputs in (("remember", 2), ("show_again", 1), ("values", 1)):
            data = [FORMS[form](path)] * inputs
            answer = asking.run(served, None, name, data, event_data={"index": 0, "value": None})
            assert REFUSED in answer, (name, path)
    assert copies() == []


@pytest.mark.parametrize("name", ["app.py", ".git/config", "README.md", "lora_weights/chibi-ink.safetensors"])
def test_the_visit_remembers_no_file_of_the_working_folder(served: Served, name: str) -> None:
    answer = asking.call(served, None, "remember", [[{"image": {"path": name}}], []])
    assert answer == f"event: error\ndata: {json.dumps(refusal())}\n\n"


def refusal(**more: Any) -> dict[str, Any]:
    return {"error": REFUSED, "duration": 10, "visible": True, "title": "Not drawn"} | more


def test_what_a_caller_says_of_an_event_names_no_file_of_the_server(served: Served, canaries: list[str]) -> None:
    gallery = [{"image": {"path": uploaded(served), "meta": FILE}, "caption": None}]
    for path in canaries:
        value = {"index": 0, "value": {"image": {"path": path}}}
        assert REFUSED in asking.run(served, None, "show_again", [gallery], event_data=value)


def test_a_picture_of_the_visit_is_remembered_and_shown_again(served: Served) -> None:
    gallery = [{"image": {"path": uploaded(served), "meta": FILE}, "caption": None}]
    kept = json.loads(asking.run(served, None, "remember", [gallery, None]))["data"][0]
    shown = json.loads(asking.run(served, None, "show_again", [kept], event_data={"index": 0, "value": None}))["data"]
    assert asking.WEB.get(shown[0]["url"]).content.startswith(b"\x89PNG")


@pytest.mark.parametrize("event", [None, 7, {}, {"index": 1, "value": None}, {"index": [0], "value": 0}, {"index": -2}])
def test_a_picture_that_nobody_chose_is_asked_for(served: Served, event: object) -> None:
    gallery = [{"image": {"path": uploaded(served), "meta": FILE}, "caption": None}]
    assert json.loads(asking.run(served, None, "show_again", [gallery], event_data=event)) == refusal()


@pytest.mark.parametrize("route", [asking.join, asking.call])
@pytest.mark.parametrize(
    "image",
    [
        "missing",
        "data:image/png;base64,iVBORw0KGgo=",
        "NUL",
        "long" * 2_000,
        "",
        "\ud800",
        "C:\\x.png",
        "http://127.0.0.1/x.png",
    ],
    ids=lambda each: each[:10].encode(errors="replace").decode(),
)
def test_an_upload_that_is_missing_or_has_no_name_is_asked_for(
    served: Served, route: Callable[..., str], image: str
) -> None:
    folder = Path(get_upload_folder())
    name = {"missing": f"{folder}/0123/gone.png", "NUL": f"{folder}/a\0b.png"}.get(image, image)
    send = next(number for number, function in served.page.fns.items() if function.api_name == "send")
    for value in ({"path": name, "meta": FILE}, {"path": name}):
        answer = route(served, send, "send", [value])
        assert REFUSED in answer
        assert '"error": null' not in answer.replace(":null", ": null")


def test_an_upload_that_has_expired_is_asked_for(served: Served) -> None:
    path = uploaded(served)
    Path(path).unlink()
    assert REFUSED in asking.call(served, None, "send", [{"path": path, "meta": FILE}])


@pytest.mark.parametrize("name", ["x.svg", "x.txt", "x.png.html"])
def test_the_visit_keeps_nothing_but_pictures(served: Served, name: str) -> None:
    files = {"files": (name, b"\xff\xfe<svg/>", "image/png")}
    path = asking.WEB.post(f"{served.url}/gradio_api/upload", files=files).json()[0]
    gallery = [{"image": {"path": path, "meta": FILE}, "caption": None}]
    assert json.loads(asking.run(served, None, "remember", [gallery, None]))["data"] == [[]]
    assert REFUSED in asking.run(served, None, "show_again", [gallery], event_data={"index": 0, "value": None})


@pytest.mark.parametrize("value", [7, "x", [7], [{}], [{"image": None}], [{"image": {}}], {"root": []}])
def test_a_gallery_that_is_none_is_a_sentence(served: Served, value: object) -> None:
    assert REFUSED in asking.run(served, None, "remember", [value, []])


def test_values_that_lie_too_deep_are_a_sentence(served: Served) -> None:
    deep: Any = {"path": "app.py"}
    for _ in range(100):
        deep = [deep]
    assert "nested too deeply" in asking.run(served, None, "values", [deep])


def test_half_a_character_anywhere_is_a_sentence(served: Served) -> None:
    number = next(number for number, each in served.page.fns.items() if each.api_name == "text_to_image")
    assert "half a character" in asking.join(served, number, "text_to_image", ["1girl", *["\ud800"] * 18])


def test_a_refusal_is_no_failure_of_the_server(served: Served) -> None:
    body = {"data": [[{"image": {"path": "app.py"}}], []]}
    answer = asking.WEB.post(f"{served.url}/gradio_api/run/remember", json=body)
    assert (answer.status_code, answer.json()["error"]) == (422, REFUSED)


def test_a_refusal_of_a_path_is_said_in_japanese(served: Served) -> None:
    body = {"data": [[{"image": {"path": "app.py"}}], []]}
    headers = {"accept-language": "ja"}
    answer = asking.WEB.post(f"{served.url}/gradio_api/run/remember", json=body, headers=headers)
    assert answer.json()["error"] == "先に画像を選んでください。"


def test_an_event_of_the_browser_has_no_function_to_call(served: Served) -> None:
    for number, function in served.page.fns.items():
        if not function.fn:
            answer = asking.run(served, number, str(function.api_name), [None] * len(function.inputs))
            assert "has no function on the server" in answer


@pytest.mark.parametrize(
    "path",
    [
        "file=https://huggingface.co/x.png",
        "file/http://127.0.0.1/x.png",
        "proxy=https://x.hf.space/x",
        "deep_link?session_hash=x",
        "stream/x/1/2/playlist.m3u8",
    ],
)
def test_routes_that_the_page_does_not_need_are_closed(served: Served, path: str) -> None:
    assert asking.WEB.get(f"{served.url}/gradio_api/{path}").json() == {"detail": "Not Found"}


def test_no_program_is_run_on_a_film_that_is_sent(served: Served) -> None:
    answer = asking.WEB.post(f"{served.url}/gradio_api/process_recording", files={"video": b"x"})
    assert answer.status_code == 404


def uploaded(served: Served) -> str:
    """Send up a picture as the page does; return where it lies."""
    folder = Path(get_upload_folder())
    Image.new("RGB", (8, 8), "pink").save(folder / "small.png")
    files = {"files": ("small.png", (folder / "small.png").read_bytes(), "image/png")}
    return str(asking.WEB.post(f"{served.url}/gradio_api/upload", files=files).json()[0])
