"""Settings spelled otherwise than A1111 does: on one line, in another order or case, as JSON, with other samplers."""

import json

import pytest

from animegen.messages import message, render
from animegen.pictures.infotext import read, rewritten, to_task
from animegen.pipelines import samplers
from animegen.tasks import Lora

NO_SETTINGS = message("infotext.prompt_alone")


def words_and_numbers(text: str) -> tuple[object, ...]:
    task, notes = to_task(read(text), samplers=samplers.names())
    return task.prompt, task.negative_prompt, task.steps, task.sampler, task.seed, notes


@pytest.mark.parametrize(
    "text",
    [
        "1girl\r\n\r\nNegative prompt: hat\r\n\r\nSteps: 20, Sampler: Euler a, Seed: 1",
        "1girl,.Negative prompt: hat,.Steps: 20, Sampler: Euler a, Seed: 1",
        "1girl. Negative prompt: hat. Steps: 20, Sampler: Euler a, Seed: 1",
        "1girl, Negative prompt: hat\nSteps: 20, Sampler: Euler a, Seed: 1".replace(", N", "\nN"),
        "1girl\nNegative prompt: hat Steps: 20, Sampler: Euler a, Seed: 1",
        "1girl\nNegative prompt: hat\nSampler: Euler a, Steps: 20, Seed: 1",
        "1girl\nNegative prompt: hat\nSeed: 1, Sampler: Euler a, Steps: 20",
        "1girl\n Negative prompt: hat\n   Steps: 20, Sampler: Euler a, Seed: 1",
        "1girl\nnegative prompt: hat\nsteps: 20, SAMPLER: Euler a, seed: 1",
        "1girl\nNegative Prompt: hat\nSteps: 20, Sampler: Euler Ancestral, Seed: 1",
    ],
)
def test_settings_on_one_line_or_in_another_order_or_case_are_read(text: str) -> None:
    assert words_and_numbers(text) == ("1girl", "hat", 20, "Euler a", 1, ())


def test_a_line_behind_the_settings_is_named_and_is_no_prompt() -> None:
    read_ = words_and_numbers("1girl\nNegative prompt: hat\nSteps: 20, Sampler: Euler a, Seed: 1\nmade by me")
    unused = message("infotext.unused", keys=(message("infotext.text_after"),))
    assert read_ == ("1girl", "hat", 20, "Euler a", 1, (unused,))


@pytest.mark.parametrize(
    "text", ["1girl, hat", "Steps: three, up the hill", "1girl, Steps: 20, stairs", "Size: big, hat: red, bow: blue"]
)
def test_where_no_settings_are_found_that_is_said_and_all_is_the_prompt(text: str) -> None:
    prompt, *_, notes = words_and_numbers(text)
    assert (prompt, notes) == (text, (NO_SETTINGS,))
    assert render(NO_SETTINGS, "ja") != render(NO_SETTINGS, "en")


def test_keys_are_read_without_regard_to_case() -> None:
    text = "1girl\nSteps: 20, Sampler: Euler a, CFG Scale: 8.0, SEED: 1, size: 64x96, Version: ComfyUI"
    task, notes = to_task(read(text))
    assert (task.guidance_scale, task.seed, task.width, task.height, notes) == (8, 1, 64, 96, ())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Sampler: Euler Ancestral", "Euler a"),
        ("Sampler: euler_ancestral", "Euler a"),
        ("Sampler: k_euler_a", "Euler a"),
        ("Sampler: Euler A", "Euler a"),
        ("Sampler: K_EULER", "Euler"),
        ("Sampler: euler, Schedule type: normal", "Euler"),
        ("Sampler: dpmpp_2m", "DPM++ 2M"),
        ("Sampler: dpmpp_2m, Schedule type: karras", "DPM++ 2M Karras"),
        ("Sampler: dpmpp_2m_k", "DPM++ 2M Karras"),
        ("Sampler: dpmpp_2m_sde_gpu, Schedule type: karras", "DPM++ 2M SDE Karras"),
        ("Sampler: DPM++ 2M SDE karras", "DPM++ 2M SDE Karras"),
        ("Sampler: DPMSolverMultistepScheduler", "DPM++ 2M"),
        ("Sampler: ddim", "DDIM"),
        ("Sampler: lcm", "LCM"),
    ],
)
def test_a_sampler_of_another_program_is_known_by_its_name_there(said: str, meant: str) -> None:
    task, notes = to_task(read(f"1girl\nSteps: 20, {said}, Seed: 1"), samplers=samplers.names())
    assert (task.sampler, notes) == (meant, ())


def test_a_schedule_that_a_sampler_does_not_have_here_is_left_out_and_said() -> None:
    *_, sampler, _, notes = words_and_numbers("1girl\nSteps: 20, Sampler: Euler Ancestral Karras, Seed: 1")
    changed = message("infotext.changed", key="Sampler", value="Euler a Karras", now="Euler a")
    assert (sampler, notes) == ("Euler a", (changed,))


SPACE = {
    "prompt": "1girl, <lora:ink:0.5>", "negative_prompt": "bad", "resolution": "64 x 96", "guidance_scale": 5.5,
    "num_inference_steps": 24, "seed": 1, "sampler": "DPM++ 2M Karras", "use_upscaler": None, "sdxl_style": "Anime",
}  # fmt: skip
EXTRA = {
    "prompt": "1girl",
    "negativePrompt": "bad",
    "steps": 25,
    "cfgScale": 5,
    "sampler": "euler_ancestral",
    "seed": 1,
}


def test_the_json_of_a_space_is_read_and_what_means_nothing_here_is_named() -> None:
    task, notes = to_task(read(rewritten(json.dumps(SPACE))), samplers=samplers.names())
    assert (task.prompt, task.negative_prompt, task.loras) == ("1girl", "bad", (Lora("ink", 0.5),))
    assert (task.width, task.height, task.guidance_scale, task.steps, task.seed) == (64, 96, 5.5, 24, 1)
    assert (task.sampler, notes) == ("DPM++ 2M Karras", (message("infotext.unused", keys=("sdxl_style",)),))


@pytest.mark.parametrize("extra", [EXTRA, json.dumps(EXTRA), EXTRA | {"width": 64, "height": 96}])
def test_the_extra_metadata_of_civitai_is_read(extra: object) -> None:
    graph = {"1": {"class_type": "KSampler", "inputs": {}}, "extraMetadata": extra}
    task, notes = to_task(read(rewritten(json.dumps(graph))), samplers=samplers.names())
    assert (task.prompt, task.negative_prompt, task.steps, task.guidance_scale) == ("1girl", "bad", 25, 5)
    assert (task.sampler, task.seed, notes) == ("Euler a", 1, ())
    assert (task.width, task.height) == ((64, 96) if "width" in extra else (None, None))


@pytest.mark.parametrize("prompt", ["1girl\nSteps: 9, Seed: 2, Size: 8x8", "hat\nNegative prompt: cat"])
def test_a_prompt_in_json_that_looks_like_settings_stays_a_prompt(prompt: str) -> None:
    found = read(rewritten(json.dumps(SPACE | {"prompt": prompt})))
    assert (found.prompt, found.pairs["Steps"], found.negative_prompt) == (prompt, "24", "bad")


@pytest.mark.parametrize(
    "text",
    [
        '{"prompt": "1girl"}', '{"prompt": "1girl", "seed": 1}', '{"prompt": {}, "seed": 1, "steps": 2, "size": 3}',
        '{"extraMetadata": "{"}', '{"extraMetadata": 3}', "[1, 2]", "{", "[" * 90_000 + "]" * 90_000,
    ],
)  # fmt: skip
def test_json_without_a_prompt_and_three_settings_is_none(text: str) -> None:
    assert rewritten(text) == ""
