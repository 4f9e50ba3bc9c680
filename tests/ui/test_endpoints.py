"""The script interface over HTTP: what it promises, and how it says no."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image

from animegen.tasks import TASKS
from tests.ui.conftest import PATIENCE, Served

CONTRACT = Path(__file__).with_name("endpoints.json")


def contract(client: Client) -> dict[str, Any]:
    """Return what scripts rely on: names, types and defaults of parameters, names and types of what comes back."""
    endpoints = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    return {
        name: {
            "parameters": [
                [field["parameter_name"], field["python_type"]["type"], *_default(field)]
                for field in endpoint["parameters"]
            ],
            "returns": [[field["label"], field["python_type"]["type"]] for field in endpoint["returns"]],
        }
        for name, endpoint in endpoints.items()
    }


def _default(field: dict[str, Any]) -> list[Any]:
    return [field["parameter_default"]] if field["parameter_has_default"] else []


def call(served: Served, name: str, body: object) -> str:
    """Call an endpoint as curl would, with the fields by name, and return the last event."""
    base = f"{served.url}/gradio_api/call"
    headers = {"content-type": "application/json"}
    answer = httpx.post(f"{base}/v2/{name}", content=json.dumps(body), headers=headers, timeout=PATIENCE)
    if answer.status_code != 200:
        return answer.json()["detail"]
    events = httpx.get(f"{base}/{name}/{answer.json()['event_id']}", timeout=PATIENCE).text
    return events.strip().rpartition("data: ")[2]


def parameters_in(path: str) -> str:
    with Image.open(path) as image:
        return str(image.info["parameters"])


def test_the_contract_with_scripts_is_kept(client: Client) -> None:
    assert contract(client) == json.loads(CONTRACT.read_text(encoding="utf-8"))


def test_a_prompt_is_all_that_a_drawing_needs(client: Client) -> None:
    picture, pictures, details = client.predict(prompt="1girl, blue hair", api_name="/text_to_image")
    assert Path(picture).suffix == ".png"
    assert len(pictures) == 1
    assert details["seeds"] == [1234]


def test_hair_and_outfit_are_plain_names_to_a_script(served: Served, client: Client) -> None:
    client.predict(
        prompt="1girl", hair_style="bob", hair_colour="pink", outfit="hoodie", steps=2, api_name="/text_to_image"
    )
    assert served.studio.drawn[-1].final_prompt == "1girl, pink hair, bob cut, hoodie"


def test_the_png_that_a_script_gets_carries_its_parameters(client: Client) -> None:
    _, pictures, _ = client.predict(prompt="青い hair", steps=2, count=2, seed=8, api_name="/text_to_image")
    texts = [parameters_in(entry["image"]) for entry in pictures]
    assert all("青い hair" in text for text in texts)
    assert ["Seed: 8," in texts[0], "Seed: 9," in texts[1]] == [True, True]


def test_a_script_can_follow_the_steps(client: Client) -> None:
    job = client.submit(prompt="1girl", steps=4, api_name="/text_to_image")
    messages = [details["message"] for _, _, details in job]
    assert messages[-1] == "Seed 1234"
    assert set(messages) <= {"Starting…", *(f"Step {step} of 4" for step in range(1, 5)), "Seed 1234"}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"prompt": ""}, "The prompt is empty"),
        ({"prompt": "a" * 10_000}, "The prompt has 10,000 characters; use at most 4,000."),
        ({"steps": 151}, "The number of steps is 151;"),
        ({"steps": "many"}, "The number of steps must be a whole number"),
        ({"width": 100}, "The width is 100;"),
        ({"count": 17}, "The number of pictures is 17;"),
        ({"count": True}, "The number of pictures must be a whole number"),
        ({"seed": -2}, "The seed is -2;"),
        ({"seed": None}, "The seed must be a whole number"),
        ({"guidance_scale": 31}, "The guidance scale is 31;"),
        ({"emotion": "hungry"}, "There is no emotion named 'hungry';"),
        ({"hair_style": "mohawk"}, "There is no hair style named 'mohawk';"),
        ({"hair_colour": "plaid"}, "There is no hair colour named 'plaid';"),
        ({"outfit": 7}, "The outfit must be text, not int."),
        ({"style": "watercolor"}, "This model cannot draw the style 'watercolor';"),
        ({"sampler": "magic"}, "There is no sampler named 'magic';"),
        ({"loras": ["ghost:0.8"]}, "There is no LoRA named 'ghost', and none is available for this model"),
        ({"loras": ["../../etc/passwd"]}, "There can be no LoRA named '../../etc/passwd';"),
        ({"loras": "ghost"}, "The LoRAs must be a list of names"),
        ({"loras": [{"path": "/etc/passwd"}]}, "Choose a picture first."),
        ({"preset": ["fast"]}, "The preset must be text, not list."),
    ],
)
def test_a_bad_value_is_answered_in_a_sentence_and_draws_nothing(
    served: Served, client: Client, bad: dict[str, object], sentence: str
) -> None:
    before = len(served.studio.drawn)
    with pytest.raises(AppError) as refused:
        client.predict(**{"prompt": "1girl", **bad}, api_name="/text_to_image")
    assert str(refused.value).startswith(sentence)
    assert len(served.studio.drawn) == before


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(served: Served, number: float) -> None:
    answer = json.loads(call(served, "text_to_image", {"prompt": "1girl", "guidance_scale": number}))
    assert answer["error"] == "The guidance scale must be a number from 0 to 30."


@pytest.mark.parametrize(
    ("name", "body"), [("text_to_image", {}), ("text_to_image", {"prompt": "1girl", "wings": 2}), ("text_to_video", {})]
)
def test_missing_and_unknown_fields_are_answered_in_a_sentence(served: Served, name: str, body: object) -> None:
    assert call(served, name, body) == (
        f"No endpoint {name} with these fields; see /gradio_api/info for every endpoint and its fields."
    )


@pytest.mark.parametrize("count", [0, 1, 20])
def test_a_wrong_number_of_values_is_answered_in_a_sentence(served: Served, count: int) -> None:
    base = f"{served.url}/gradio_api/call/text_to_image"
    event = httpx.post(base, json={"data": ["1girl"] * count}, timeout=PATIENCE).json()["event_id"]
    assert f"takes 19 values, not {count};" in httpx.get(f"{base}/{event}", timeout=PATIENCE).text


def test_the_look_ups_answer_while_a_drawing_goes_on(served: Served, client: Client) -> None:
    served.studio.gate.clear()
    try:
        job = client.submit(prompt="1girl", steps=2, api_name="/text_to_image")
        next(iter(job))
        emotions = client.predict(api_name="/emotions")
        appearance = client.predict(api_name="/appearance")
        styles = client.predict(api_name="/styles")
        models = client.predict(api_name="/models")
        assert not job.done()
    finally:
        served.studio.gate.set()
    job.result()
    assert emotions[1] == {"name": "happy", "label": "Happy", "label_ja": "喜び"}
    assert {"name": "bob", "label": "Bob", "label_ja": "ボブ", "field": "hair_style"} in appearance
    assert {style["name"] for style in styles if style["available"]} >= {"none", "kimono", "school_uniform"}
    assert [model["name"] for model in models if model["active"]] == ["chibi"]
    assert ["commercial use" in model["forbidden_uses"] for model in models] == [False, False, True]


def test_a_cancelled_drawing_frees_the_worker(served: Served, client: Client) -> None:
    served.studio.gate.clear()
    served.studio.closed.clear()
    try:
        job = client.submit(prompt="1girl", steps=2, api_name="/text_to_image")
        next(iter(job))
        job.cancel()
        assert served.studio.closed.wait(10)
    finally:
        served.studio.gate.set()
    assert client.predict(prompt="1girl", steps=2, seed=3, api_name="/text_to_image")[2]["seeds"] == [3]


def test_what_only_the_page_calls_is_closed_to_scripts(client: Client) -> None:
    look_ups = {"/models", "/emotions", "/appearance", "/styles", "/loras"}
    assert set(contract(client)) == {f"/{task.name}" for task in TASKS} | look_ups | {"/canny_edges"}
