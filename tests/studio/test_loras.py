"""LoRAs through the studio: named in a task or in its words, on for its drawing, and never for another's."""

import random
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from animegen.errors import AdapterRefused, DrawingFailed, InvalidRequest
from animegen.lora_files import Base, Offers, base_of, write_kohya
from animegen.lora_files.hashes import hashes
from animegen.messages import message
from animegen.models.loading import Parts
from animegen.pictures.infotext import read, to_task, write
from animegen.pipelines import adapters
from animegen.studio import Studio
from animegen.tasks import Canny, EmotionPath, ExpressionSheet, Lora, Task, TextToImage
from tests import tiny
from tests.lora_files.making import adapter, places
from tests.threads import at_once

PLAIN = TextToImage(prompt="1girl, blue hair", steps=2, seed=5)
INKED = replace(PLAIN, loras=("ink:0.8",))


@pytest.fixture
def offers(parts: Parts, tmp_path: Path) -> Offers:
    """``ink`` touches the UNet, ``voice`` the text encoder, ``both`` all there is; ``ink`` is called by a word."""
    base: Base = base_of("tiny", "tiny", parts.unet.config, parts.text_encoder.config.to_dict())
    for name, wanted in (("ink", {"unet"}), ("voice", {"text_encoder"}), ("both", {"unet", "text_encoder"})):
        made = adapter(base, [place for place in places(base) if place[0] in wanted], rank=2, alpha=0.2)
        said = {"modelspec.trigger_phrase": "line art"} if name == "ink" else {}
        write_kohya(made, tmp_path / f"{name}.safetensors", said)
    return Offers([tmp_path], [base])


@pytest.fixture
def studio(parts: Parts, offers: Offers) -> Studio:
    return Studio(tiny.ROW, lambda _: parts, offers=offers)


def drawn(studio: Studio, task: Task) -> bytes:
    return b"".join(picture.image.tobytes() for picture in studio.pictures(task))


# To the bit


@pytest.mark.parametrize("name", ["ink", "voice", "both"])
def test_without_with_without_gives_the_first_picture_again(studio: Studio, name: str) -> None:
    first = drawn(studio, PLAIN)
    between = drawn(studio, replace(PLAIN, final_prompt="1girl, blue hair", loras=(name,)))
    assert drawn(studio, PLAIN) == first != between


def test_words_encoded_without_a_lora_are_not_taken_for_those_with_it(
    studio: Studio, parts: Parts, offers: Offers
) -> None:
    task = replace(PLAIN, loras=("voice",))
    studio.pictures(PLAIN)
    fresh = Studio(tiny.ROW, lambda _: tiny.parts(), offers=offers)
    assert drawn(studio, task) == drawn(fresh, task)


def test_words_encoded_without_a_lora_are_kept_where_it_leaves_the_text_encoder_alone(
    studio: Studio, parts: Parts
) -> None:
    calls: list[Any] = []
    parts.text_encoder.register_forward_hook(lambda *call: calls.append(call[0]))
    said = replace(PLAIN, final_prompt="1girl")
    studio.pictures(said)
    before = len(calls)
    studio.pictures(replace(said, loras=("ink",)))
    assert len(calls) == before


def test_a_cancel_leaves_nothing_of_a_lora(studio: Studio) -> None:
    first = drawn(studio, PLAIN)
    with closing(studio.run(INKED)) as events:
        next(events)
    assert drawn(studio, PLAIN) == first


def test_an_error_leaves_nothing_of_a_lora(studio: Studio, parts: Parts) -> None:
    first = drawn(studio, PLAIN)

    def fails(*_: Any) -> None:
        raise ValueError("odd")

    hook = parts.unet.register_forward_hook(fails)
    with pytest.raises(ValueError, match="odd"):
        studio.pictures(INKED)
    hook.remove()
    assert drawn(studio, PLAIN) == first


def test_running_out_of_memory_while_a_lora_is_put_on_is_a_sentence_and_leaves_nothing_of_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, inked = drawn(studio, PLAIN), drawn(studio, INKED)
    real, turns = adapters._summed, iter(range(99))

    def fails(*given: Any) -> Any:
        if next(turns) == 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(*given)

    with monkeypatch.context() as patch:
        patch.setattr(adapters, "_summed", fails)
        with pytest.raises(DrawingFailed, match="smaller size"):
            studio.pictures(replace(INKED, loras=("both",)))
    assert (drawn(studio, PLAIN), drawn(studio, INKED)) == (first, inked)


def test_a_controlnet_in_between_leaves_nothing_of_a_lora(offers: Offers, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    studio = Studio(tiny.ROW, lambda _: tiny.parts_with_controlnet(folder), offers=offers)
    sketch = Image.linear_gradient("L").resize((64, 64)).point(lambda value: 255 * (value > 99))
    lined = Canny(image=sketch, prompt="1girl", steps=2, seed=5, image_kind="edges")
    first, plain = drawn(studio, PLAIN), drawn(studio, lined)
    assert drawn(studio, replace(lined, loras=("both",))) != plain
    assert (drawn(studio, lined), drawn(studio, PLAIN)) == (plain, first)


def test_eight_threads_that_change_loras_draw_the_serial_pictures(studio: Studio) -> None:
    sets = [(), ("ink:0.5",), ("voice",), ("ink", "voice:0.3"), ("both:0.7",), (), ("both:1.2",), ("ink:2",)]
    tasks = [replace(PLAIN, steps=1, loras=names) for names in sets]
    serial = [drawn(studio, task) for task in tasks]
    found: list[list[bytes]] = [[] for _ in tasks]

    def work(at: int) -> None:
        found[at].extend(drawn(studio, tasks[(at + turn) % len(tasks)]) for turn in range(3))

    at_once(len(tasks), work)
    assert found == [[serial[(at + turn) % len(tasks)] for turn in range(3)] for at in range(len(tasks))]


class Trouble:
    """What may happen in a thread between two drawings, and only there."""

    def __init__(self, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        self._studio = studio
        self._short = threading.local()
        self._real = adapters._summed
        monkeypatch.setattr(adapters, "_summed", self._summed)

    def _summed(self, *given: Any) -> Any:
        if getattr(self._short, "of_memory", False):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self._real(*given)

    def cancelled(self) -> None:
        with closing(self._studio.run(replace(INKED, loras=("both",)))) as events:
            next(events)

    def failed(self) -> None:
        with pytest.raises(InvalidRequest):
            self._studio.run(replace(PLAIN, loras=("ghost",)))

    def out_of_memory(self) -> None:
        self._short.of_memory = True
        with pytest.raises(DrawingFailed, match="smaller size"):
            self._studio.pictures(replace(PLAIN, loras=(f"both:{random.uniform(0.1, 2):.6f}",)))
        self._short.of_memory = False


@pytest.mark.slow
def test_eight_threads_that_load_and_draw_twenty_times_with_trouble_in_between_draw_the_serial_pictures(
    offers: Offers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model").mkdir()
    studio = Studio(tiny.ROW, lambda _: tiny.parts_with_controlnet(tmp_path / "model"), offers=offers)
    studio.engine.loras._remembered = 0  # so that a LoRA is read anew whenever it is another one's turn
    sketch = Image.linear_gradient("L").resize((64, 64)).point(lambda value: 255 * (value > 99))
    sets = [(), ("ink:0.5",), ("voice",), ("ink", "voice:0.3"), ("both:0.7",), ()]
    tasks: list[Task] = [replace(PLAIN, steps=1, loras=names) for names in sets]
    tasks += [Canny(image=sketch, prompt="1girl", steps=1, seed=5, loras=names) for names in ((), ("both",))]
    serial = [drawn(studio, task) for task in tasks]
    found: list[list[bytes]] = [[] for _ in tasks]
    trouble = Trouble(studio, monkeypatch)
    kinds = (trouble.cancelled, trouble.failed, trouble.out_of_memory)

    def work(at: int) -> None:
        for turn in range(20):
            kinds[(at + turn) % len(kinds)]()
            found[at].append(drawn(studio, tasks[(at + turn) % len(tasks)]))

    at_once(len(tasks), work)
    assert found == [[serial[(at + turn) % len(tasks)] for turn in range(20)] for at in range(len(tasks))]


def test_a_pictures_task_redraws_it_to_the_bit_with_its_loras(studio: Studio) -> None:
    (first,) = studio.pictures(replace(PLAIN, prompt="1girl <lora:ink:0.7>", loras=("voice",)))
    assert first.task.loras == (Lora("voice", 1.0), Lora("ink", 0.7))
    (again,) = studio.pictures(first.task)
    assert again.image.tobytes() == first.image.tobytes()
    assert again.task == first.task


@pytest.mark.parametrize(
    "task",
    [
        EmotionPath(prompt="1girl", frames=2, steps=1, seed=5),
        ExpressionSheet(prompt="1girl", emotions="happy", steps=1, seed=5),
    ],
    ids=lambda task: task.name,
)
def test_tasks_of_several_pictures_are_drawn_in_their_loras(studio: Studio, task: Task) -> None:
    plain = drawn(studio, task)
    assert drawn(studio, replace(task, loras=("both",))) != plain
    assert drawn(studio, task) == plain


# Asking


def test_a_lora_in_the_words_means_the_same_as_one_beside_them_and_is_cut_from_them(studio: Studio) -> None:
    (said,) = studio.pictures(replace(PLAIN, prompt="1girl, <lora:ink:0.8>, blue hair"))
    (beside,) = studio.pictures(INKED)
    assert said.task == beside.task
    assert said.image.tobytes() == beside.image.tobytes()


def test_trigger_words_are_said_behind_the_persons_own_and_know_their_lora(studio: Studio) -> None:
    prompt = studio.prompt(replace(INKED, emotion="happy", hair_style="bob"))
    character = [(word.text, word.layer, word.lora) for word in prompt.character]
    assert character[:3] == [("1girl", "prompt", ""), ("blue hair", "prompt", ""), ("line art", "lora", "ink")]
    assert not {"line", "art"} & set(prompt.unknown)


@pytest.mark.parametrize("change", [{"prompt": "1girl, line art"}, {"loras": ("ink:0",)}, {"loras": ("voice",)}])
def test_trigger_words_are_not_said_twice_nor_for_nothing(studio: Studio, change: dict[str, Any]) -> None:
    prompt = studio.prompt(replace(INKED, **change))
    assert not [word for word in prompt.words if word.layer == "lora"]


@pytest.mark.parametrize("ask", [Studio.run, Studio.prompt])
@pytest.mark.parametrize("change", [{"prompt": "1girl <lora:ghost:1>"}, {"loras": ("ghost",)}])
def test_an_unknown_lora_is_named_before_anything_is_drawn(
    studio: Studio, ask: Callable[..., Any], change: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest, match=r"no LoRA named 'ghost'; choose one of: both, ink, voice\."):
        ask(studio, replace(PLAIN, **change))


def test_a_damaged_lora_is_refused_before_anything_is_drawn(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "ink.safetensors"
    raw = bytearray(path.read_bytes())
    raw[-4:] = b"\xff\xff\xff\x7f"
    path.write_bytes(raw)
    with pytest.raises(AdapterRefused, match=r"ink.safetensors has NaN or infinite values"):
        studio.run(INKED)


def test_a_drawing_notes_what_is_not_known_of_its_loras(parts: Parts, offers: Offers) -> None:
    row = replace(tiny.ROW, lora_editions=True)
    studio = Studio(row, lambda _: replace(parts, row=row), offers=offers)
    (picture,) = studio.pictures(INKED)
    unknown = message("lora_files.edition_unknown", base=row.label)
    assert message("studio.lora_note", name="ink", note=unknown) in picture.notes
    (plain,) = studio.pictures(PLAIN)
    assert not [note for note in plain.notes if "LoRA" in str(note)]


# In its settings


def test_a_picture_tells_its_loras_by_name_weight_and_hash(studio: Studio, tmp_path: Path) -> None:
    (picture,) = studio.pictures(INKED)
    text = write(picture.task, picture.model, picture.lora_hashes)
    assert " <lora:ink:0.8>\n" in text
    assert f'Lora hashes: "ink: {hashes(tmp_path / "ink.safetensors").autov3}"' in text


def test_its_settings_draw_it_again_to_the_bit(studio: Studio) -> None:
    (picture,) = studio.pictures(INKED)
    task, notes = to_task(read(write(picture.task, picture.model, picture.lora_hashes)))
    assert (task, notes) == (picture.task, ())
    assert drawn(studio, task) == picture.image.tobytes()
