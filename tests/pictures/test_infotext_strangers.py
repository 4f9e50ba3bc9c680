"""Settings as A1111, Forge and Civitai write them: what has a meaning here comes back, the rest is named."""

import re

import pytest

from animegen.messages import Message, message, render
from animegen.pictures.infotext import WORDS_ALONE, read, to_task
from animegen.pipelines import samplers
from animegen.tasks import Lora, TextToImage

A1111 = (
    "masterpiece, 1girl,\n(blue hair:1.2), <lora:ink_v2:0.7>\nNegative prompt: (worst quality:1.4),\nblurry\n"
    "Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6, Seed: 777, Size: 512x768, "
    "Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, VAE hash: c6a580b13a, Denoising strength: 0.45, Clip skip: 2, "
    'Hires upscale: 2, Hires steps: 10, Hires upscaler: Latent, Lora hashes: "ink_v2: 0123456789ab", '
    'TI hashes: "easy: 0123456789ab, hard: ba9876543210", Version: v1.10.1'
)
FORGE = (
    "a portrait\nSteps: 20, Sampler: Euler, Schedule type: Simple, CFG scale: 1, Distilled CFG Scale: 3.5, Seed: 42, "
    "Size: 896x1152, Model hash: d5d1e2a8b0, Model: flux1-dev, Version: f2.0.1v1.10.1-previous-313-g8a042934, "
    "Module 1: ae, Module 2: clip_l"
)
RESOURCES = (
    '[{"type":"checkpoint","modelVersionId":889818,"modelName":"A, B: C"},{"type":"lora","weight":0.8,"ids":[1,{}]}]'
)
CIVITAI = (
    "1girl, smile\nNegative prompt: hat\nSteps: 30, Sampler: Euler a, CFG scale: 4.5, Seed: 12, Size: 832x1216, "
    f"Clip skip: 2, Created Date: 2025-03-01T04:50:44.1460490Z, Civitai resources: {RESOURCES}, Civitai metadata: {{}}"
)
KNOWN = samplers.names()
LINE = "Steps: 20, Sampler: Euler, Seed: 1"


def unused(*keys: str) -> Message:
    """Return the note on keys that have no meaning here."""
    return message("infotext.unused", keys=keys)


def test_what_a1111_wrote_comes_back() -> None:
    assert to_task(read(A1111), samplers=KNOWN) == (
        TextToImage(
            prompt="masterpiece, 1girl,\n(blue hair:1.2)", negative_prompt="(worst quality:1.4),\nblurry",
            loras=(Lora("ink_v2", 0.7),), quality="draft", steps=25, sampler="DPM++ 2M Karras", guidance_scale=6,
            seed=777, width=512, height=768,
        ),
        (
            unused(
                *("VAE hash", "Denoising strength", "Clip skip"),
                *("Hires upscale", "Hires steps", "Hires upscaler", "TI hashes"),
            ),
        ),
    )  # fmt: skip


def test_what_forge_wrote_comes_back() -> None:
    task, notes = to_task(read(FORGE), samplers=KNOWN)
    assert (task.steps, task.guidance_scale, task.seed, task.width, task.height) == (20, 1, 42, 896, 1152)
    assert (task.sampler, task.negative_prompt) == ("Euler", "")
    assert notes == (
        message("infotext.changed", key="Sampler", value="Euler Simple", now="Euler"),
        unused("Distilled CFG Scale", "Module 1", "Module 2"),
    )


def test_what_civitai_wrote_comes_back() -> None:
    task, notes = to_task(read(CIVITAI), samplers=KNOWN)
    assert (task.prompt, task.negative_prompt, task.steps, task.sampler) == ("1girl, smile", "hat", 30, "Euler a")
    assert notes == (unused("Clip skip", "Created Date", "Civitai resources", "Civitai metadata"),)


def test_json_between_the_pairs_is_one_value_with_its_commas_and_colons() -> None:
    pairs = read(CIVITAI).pairs
    assert (pairs["Civitai resources"], pairs["Civitai metadata"]) == (RESOURCES, "{}")


def test_pairs_behind_an_empty_negative_prompt_are_pairs() -> None:
    found = read("fog\nNegative prompt: Steps: 23, Sampler: Undefined, CFG scale: 3.5, Seed: 1, Size: 832x1216")
    assert (found.prompt, found.negative_prompt, found.pairs["Steps"]) == ("fog", "", "23")


def test_templates_behind_the_pairs_are_named() -> None:
    template = "Template: a {red|blue} __animal__,\nSteps of stone\nNegative Template: hat"
    found = read(f"a red cat\nSteps: 20, Sampler: Euler a, Seed: 7, Size: 512x512\n{template}")
    assert (found.prompt, found.pairs["Template"]) == ("a red cat", "a {red|blue} __animal__,\nSteps of stone")
    assert to_task(found)[1] == (unused("Template", "Negative Template"),)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Sampler: DPM++ 2M Karras", "DPM++ 2M Karras"),
        ("Sampler: DPM++ 2M", "DPM++ 2M"),
        ("Sampler: DPM++ 2M, Schedule type: Automatic", "DPM++ 2M Karras"),
        ("Sampler: DPM++ 2M, Schedule type: Uniform", "DPM++ 2M"),
        ("Sampler: DPM++ 2M SDE, Schedule type: Karras", "DPM++ 2M SDE Karras"),
        ("Sampler: Euler a, Schedule type: Automatic", "Euler a"),
    ],
)
def test_a_sampler_keeps_the_meaning_that_a1111_gives_it(said: str, meant: str) -> None:
    task, notes = to_task(read(f"a\nSteps: 20, CFG scale: 7, Seed: 1, {said}"), samplers=KNOWN)
    assert (task.sampler, notes) == (meant, ())


def test_the_first_clip_skip_is_the_usual_one() -> None:
    assert to_task(read("a\nSteps: 20, CFG scale: 7, Seed: 1, Clip skip: 1"))[1] == ()


def test_a_drawing_of_a1111_that_began_with_a_picture_is_said_to_have() -> None:
    pairs = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Denoising strength: 0.6, Mask blur: 4"
    assert to_task(read(f"a cat\n{pairs}"))[1] == (
        WORDS_ALONE,
        unused("Denoising strength", "Mask blur"),
    )


@pytest.mark.parametrize("text", [A1111, FORGE, CIVITAI], ids=["A1111", "Forge", "Civitai"])
def test_what_is_left_out_is_told_in_japanese(text: str) -> None:
    notes = [render(note, "ja") for note in to_task(read(text), samplers=KNOWN, model="chibi")[1]]
    assert [note for note in notes if note.startswith("次の設定は使われません：")]
    assert [note for note in notes if re.search(r"[a-z] [a-z]+ [a-z]", note.partition("：")[0])] == []


def test_another_model_is_told() -> None:
    _, notes = to_task(read(FORGE), model="chibi")
    assert message("infotext.other_model", model="flux1-dev") in notes
    assert to_task(read(FORGE.replace("flux1-dev", "chibi")), model="chibi")[1] == to_task(read(FORGE))[1]


# LoRAs in the prompt


@pytest.mark.parametrize(
    ("prompt", "words", "found"),
    [
        ("1girl <lora:ink:0.8>, smile", "1girl, smile", (Lora("ink", 0.8),)),
        ("<lora:ink:1>\n<lora:soft.v2>", "hat", (Lora("ink", 1), Lora("soft.v2", 1))),
        ("a < b, <3", "a < b, <3", ()),
    ],
)
def test_tags_are_cut_from_the_prompt(prompt: str, words: str, found: tuple[Lora, ...]) -> None:
    task, notes = to_task(read(f"{'hat ' if words == 'hat' else ''}{prompt}\n{LINE}"))
    assert (task.prompt, task.loras, notes) == (words, found, ())


def test_tags_that_cannot_be_used_are_named() -> None:
    tags = "<lora:two words:1> <lora:dark:-1> <lora:both:0.5:0.7> <lora:ink:1> <lora:ink:0.5>"
    task, notes = to_task(read(f"1girl {tags}\n{LINE}"))
    assert (task.prompt, task.loras) == ("1girl", (Lora("ink", 1),))
    left_out = ("two words:1", "dark:-1", "both:0.5:0.7", "ink:0.5")
    assert notes == (message("infotext.loras_left_out", loras=left_out),)


def test_a_lora_that_is_not_offered_is_named() -> None:
    task, notes = to_task(read(f"1girl <lora:ink:1> <lora:soft:0.5>\n{LINE}"), loras=["soft"])
    assert task.loras == (Lora("soft", 0.5),)
    assert notes == (message("infotext.loras_left_out", loras=("ink:1",)),)


# Hostile


@pytest.mark.parametrize(
    "piece",
    ["aa: [", 'aa: [",', 'aa: [",",', "aa: {", 'aa: {"b":', "aa: [[", "[", "<lora:", "<lora:a:1>", " ",
     "\nTemplate: ", "\nSteps: 1, aa: 2, bb: 3", "\nNegative prompt:"],
)  # fmt: skip
def test_any_piece_repeated_to_the_limit_is_read_in_bounded_time(piece: str) -> None:
    found = read(f"1girl\nSteps: 1, Seed: 2, Size: 64x64, {piece * (120_000 // len(piece))}")
    assert found.prompt.startswith("1girl")


def test_of_very_many_things_that_are_left_out_the_first_are_named() -> None:
    keys = ", ".join(f"Odd key {number}: 1" for number in range(2_000))
    (note,) = to_task(read(f"1girl\nSteps: 1, Seed: 2, {keys}"))[1]
    assert "Odd key 39, …" in str(note)
    assert len(str(note)) < 1_000
