"""What a caller hears of an event that is unknown, finished, or heard by somebody else; and of a session."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.ui.asking import SESSION, WEB, call, heard, join
from tests.ui.conftest import Served

ENDED = "No such request, or it has ended; send it again."
PLAIN = {"accept-encoding": "identity"}
HEARD = "This request already has a listener; send your own."


def posted(served: Served, name: str = "emotions", **values: Any) -> str:
    answer = WEB.post(f"{served.url}/gradio_api/call/v2/{name}", json=values)
    return str(answer.json()["event_id"])


def only(text: str) -> tuple[str, Any]:
    """Return kind and content of a stream that holds one event."""
    kind, content = text.removesuffix("\n\n").split("\n")
    return kind.removeprefix("event: "), json.loads(content.removeprefix("data: "))


@pytest.mark.parametrize("event", ["unknown", "0123456789abcdef", "%00", "x" * 3_000])
@pytest.mark.parametrize("version", ["", "v2/"])
def test_an_unknown_event_ends_in_a_sentence(served: Served, event: str, version: str) -> None:
    assert only(heard(served, f"call/{version}emotions/{event}")) == ("error", {"error": ENDED})


def test_a_finished_event_ends_in_a_sentence(served: Served) -> None:
    event = posted(served)
    assert heard(served, f"call/emotions/{event}").startswith("event: complete")
    assert only(heard(served, f"call/emotions/{event}")) == ("error", {"error": ENDED})


def test_a_refused_event_ends_in_a_sentence_too(served: Served) -> None:
    event = posted(served, "text_to_image", prompt="")
    assert "The prompt is empty" in heard(served, f"call/text_to_image/{event}")
    assert only(heard(served, f"call/text_to_image/{event}")) == ("error", {"error": ENDED})


def test_an_event_is_heard_once_and_its_first_listener_loses_nothing(served: Served) -> None:
    served.studio.gate.clear()
    try:
        event = posted(served, "text_to_image", prompt="1girl", steps=3)
        with WEB.stream("GET", f"{served.url}/gradio_api/call/text_to_image/{event}", headers=PLAIN) as first:
            lines = first.iter_lines()
            begun = next(lines)
            assert only(heard(served, f"call/text_to_image/{event}")) == ("error", {"error": HEARD})
            served.studio.gate.set()
            rest = list(lines)
    finally:
        served.studio.gate.set()
    assert begun == "event: generating"
    assert "event: complete" in rest


def test_the_sentence_is_japanese_to_a_japanese_caller(served: Served) -> None:
    answer = WEB.get(f"{served.url}/gradio_api/call/emotions/unknown", headers={"accept-language": "ja"})
    assert only(answer.text)[1]["error"].startswith("このリクエストはすでに終わったか")


def test_an_unknown_session_is_told_so_once(served: Served) -> None:
    said = json.loads(heard(served, "queue/data?session_hash=unknown").removeprefix("data: "))
    assert (said["msg"], said["message"], said["session_not_found"]) == ("unexpected_error", ENDED, True)


def test_a_session_that_waits_for_nothing_is_closed(served: Served) -> None:
    number = next(number for number, each in served.page.fns.items() if each.api_name == "emotions")
    assert "process_completed" in join(served, number, "emotions", [])
    assert heard(served, f"queue/data?session_hash={SESSION}") == 'data: {"msg":"close_stream","event_id":null}\n\n'


def test_forty_callers_at_once_are_each_answered(served: Served) -> None:
    def answered(seed: int) -> list[int]:
        text = heard(
            served, f"call/text_to_image/{posted(served, 'text_to_image', prompt='1girl', steps=1, seed=seed)}"
        )
        *_, details = json.loads(text.strip().rpartition("data: ")[2])
        return list(details["seeds"])

    with ThreadPoolExecutor(40) as callers:
        assert list(callers.map(answered, range(40))) == [[seed] for seed in range(40)]


def test_a_whole_number_may_be_written_with_a_point(served: Served) -> None:
    number = next(number for number, each in served.page.fns.items() if each.api_name == "text_to_image")
    shown = [block.value for block in served.page.fns[number].inputs]
    names = [
        field["parameter_name"]
        for field in served.page.get_api_info()["named_endpoints"]["/text_to_image"]["parameters"]
    ]
    values = dict(zip(names, shown, strict=True)) | {"prompt": "1girl", "steps": 2.0, "seed": 42.0, "count": 1.0}
    answer = call(served, number, "text_to_image", list(values.values()))
    assert json.loads(answer.strip().rpartition("data: ")[2])[2]["seeds"] == [42]
