"""Settings that were made to do harm: whatever they say, a request that can be drawn comes of them, or a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from animegen.errors import InvalidRequest
from animegen.messages import Message, render
from animegen.pictures.infotext import Parameters, read, to_request, to_task
from animegen.pictures.infotext.keys import KEYS, SOURCE, STRENGTH, TASK
from animegen.tasks import TASKS

PICTURE = Image.new("RGB", (8, 8))
ODD = st.sampled_from(
    [
        *("", " ", "0", "-1", "-0", "1", "7", "1e999", "-1e999", "nan", "inf", "0x10", "1_0", "1e-400", "９", "٣", "½"),
        *("9" * 20, "9" * 5_000, "0." + "3" * 5_000, "1x1", "64x64", "0x0", "99999999x1", "None", "True", "true", "[]"),
        *(
            "happy",
            "happy,sad",
            "neutral,happy",
            ",",
            ",,,",
            "happy," * 40,
            "none",
            "kimono",
            "canny",
            "../x",
            "\0",
            "\u202e",
        ),
        *(
            "Euler a",
            "DPM++ 2M",
            "Karras",
            "Automatic",
            "{" * 3_000,
            '{"a":' * 3_000,
            "<script>",
            "a" * 5_000,
            "青" * 300,
        ),
    ]
)
ANY_KEY = st.sampled_from(
    [
        *("Steps", "Sampler", "Schedule type", "CFG scale", "Seed", "Size", "Model", "RNG", "Clip skip", "Lora hashes"),
        *("Raw prompt", "ControlNet 0", "Template", "Version", SOURCE, STRENGTH, *KEYS.values()),
    ]
)
UNIT = st.lists(
    st.tuples(
        st.sampled_from(["Weight", "Threshold A", "Threshold B", "Guidance Start", "Guidance End", "Module"]), ODD
    ),
    max_size=6,
).map(lambda pairs: ", ".join(f"{key}: {value}" for key, value in pairs))


def is_short_sentence(note: Message) -> bool:
    """Say whether a note is a sentence of a bearable length, in two languages."""
    english = str(note)
    return english.endswith(".") and len(english) < 4_000 and render(note, "ja") != english


@given(
    pairs=st.dictionaries(
        ANY_KEY | st.from_regex(r"\w[\w \-/]{1,9}", fullmatch=True), ODD | UNIT | st.text(max_size=30), max_size=12
    ),
    kind=st.sampled_from(["", "no task", *(task.name for task in TASKS)]),
    prompt=st.text(max_size=30) | st.sampled_from(["1girl", "", "a" * 9_000]),
    loras=st.lists(st.text(max_size=20) | st.sampled_from(["ink:1", "ink:nan", "a:b:c"]), max_size=8),
)
@settings(max_examples=150)
def test_any_settings_at_all_become_a_request_in_range_or_a_sentence(pairs, kind, prompt, loras) -> None:
    said = Parameters(prompt=prompt, pairs=pairs | ({TASK: kind} if kind else {}), loras=tuple(loras))
    for restored in (lambda: to_task(said, samplers=["DDIM"], loras=["ink"]), lambda: to_request(said, source=PICTURE)):
        with suppress(InvalidRequest):
            task, notes = restored()
            assert task.steps is None or 1 <= task.steps <= 150
            assert task.seed is None or 0 <= task.seed < 2**32
            assert all(is_short_sentence(note) for note in notes)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.parametrize("value", ["1e999", "-1e999", "nan", "", "9" * 5_000, "\0", "[" * 90_000, "🙂", "-1"])
def test_every_key_of_every_task_bears_what_is_no_value(task, value: str) -> None:
    keys = ["Steps", "Sampler", "CFG scale", "Seed", "Size", STRENGTH, "ControlNet 0", *KEYS.values()]
    said = Parameters(prompt="1girl", pairs=dict.fromkeys(keys, value) | {TASK: task.name, SOURCE: value})
    with suppress(InvalidRequest):
        _, notes = to_request(said, source=PICTURE)
        assert notes
        assert sum(len(str(note)) for note in notes) < 20_000


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.sampled_from(["\n", ", ", ": ", '"', "\r\n", "\u2028"]),
)
def test_any_text_between_lines_and_pairs_is_read(text: str, mark: str) -> None:
    for said in (
        f"{text}{mark}Steps: 1, Seed: 2, Size: 8x8",
        f"a\nSteps: 1, Seed: 2, Size: 8x8{mark}{text}{mark}{text}",
    ):
        found = read(said)
        with suppress(InvalidRequest):
            to_task(found)
