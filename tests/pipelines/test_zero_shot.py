"""Recognising: the model says itself which words fit a drawing."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from animegen.bench.speed import value
from animegen.chibi.character import characters
from animegen.models.loading import Parts
from animegen.pipelines import frames, zero_shot
from animegen.pipelines.engine import Engine
from animegen.pipelines.frames import Frame
from animegen.prompts import traits
from animegen.settings import Settings
from animegen.studio import Studio
from animegen.tasks import TextToImage
from tests.jobs import SETTINGS, job

COLOURS = ["red", "blue", "green"]


class Knowing(torch.nn.Module):
    """Answers perfectly to one text, and worse the farther the words are from it."""

    def __init__(self, words: torch.Tensor, answer: torch.Tensor) -> None:
        super().__init__()
        self.words, self.answer, self.sizes = words, answer, list[int]()

    def forward(self, seen: torch.Tensor, *_: Any, encoder_hidden_states: torch.Tensor, **__: Any) -> tuple[Any]:
        self.sizes.append(len(seen))
        apart = 1000 * (encoder_hidden_states - self.words).square().mean(dim=(1, 2)).view(-1, 1, 1, 1)
        return (self.answer + apart,)


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
@pytest.mark.parametrize("colour", COLOURS)
def test_the_words_with_which_the_noise_is_found_best_fit(parts: Parts, kind: str, colour: str) -> None:
    parts = replace(parts, scheduler_config=dict(parts.scheduler_config) | {"prediction_type": kind})
    levels = Engine(parts).noise_levels
    latents = torch.full((1, 4, 8, 8), 0.5)
    noise = torch.randn(latents.shape, generator=torch.Generator().manual_seed(0))
    level = torch.tensor([int(zero_shot.LEVEL * 1000)])
    answers = {"epsilon": noise, "v_prediction": levels.get_velocity(latents, noise, level), "sample": latents}
    known = Engine(parts).encoder.encode([f"girl, {colour}"])
    engine = Engine(replace(parts, unet=Knowing(known, answers[kind])))
    assert zero_shot.classify(engine, latents, "girl", COLOURS) == [colour]


def test_no_more_memory_is_taken_than_by_one_picture_with_guidance(parts: Parts) -> None:
    engine = Engine(replace(parts, unet=Knowing(torch.zeros(1), torch.zeros(1))))
    zero_shot.classify(engine, torch.zeros(1, 4, 8, 8), "girl", COLOURS)
    assert engine.parts.unet.sizes == [2, 1] * zero_shot.NOISES


def test_of_what_may_be_worn_all_is_found_that_fits_better_than_nothing(parts: Parts) -> None:
    engine, wrong = Engine(parts), {"girl": 5.0, "girl, hat": 4.0, "girl, scarf": 6.0, "girl, ribbon": 3.0}
    known = [(engine.encoder.encode([text])[0], apart) for text, apart in wrong.items()]

    def answer(seen: torch.Tensor, *_: Any, encoder_hidden_states: torch.Tensor, **__: Any) -> tuple[Any]:
        found = [apart for one in encoder_hidden_states for words, apart in known if torch.equal(words, one)]
        return (torch.tensor(found).view(-1, 1, 1, 1).expand_as(seen),)

    engine.parts = replace(parts, unet=answer)
    found = zero_shot.classify(engine, torch.zeros(1, 4, 8, 8), "girl", ["", "hat", "scarf", "ribbon"])
    assert found == ["hat", "ribbon"]


def test_what_is_not_surely_best_is_not_told(parts: Parts) -> None:
    engine, wrong = Engine(parts), {"girl, red": 4.0, "girl, blue": 4.002, "girl, green": 5.0}
    known = [(engine.encoder.encode([text])[0], apart) for text, apart in wrong.items()]

    def answer(seen: torch.Tensor, *_: Any, encoder_hidden_states: torch.Tensor, **__: Any) -> tuple[Any]:
        found = [apart for one in encoder_hidden_states for words, apart in known if torch.equal(words, one)]
        return (torch.tensor(found).view(-1, 1, 1, 1).expand_as(seen),)

    engine.parts = replace(parts, unet=answer)
    assert zero_shot.classify(engine, torch.zeros(1, 4, 8, 8), "girl", COLOURS) == []
    assert zero_shot.classify(engine, torch.zeros(1, 4, 8, 8), "girl", ["red", "green"]) == ["red"]


def test_nothing_is_told_that_the_negative_prompt_names(parts: Parts) -> None:
    asked = ["1girl, bob cut, blue eyes, tan, ribbon, glasses, headphones"]
    (worn,) = zero_shot.find_unspecified(Engine(parts).encoder.tokens, asked, "chibi", negative="cat ears, straw hat")
    assert worn == ("", "earrings", "flower", "scarf")


@pytest.mark.slow
def test_chibi_tells_the_colours_of_eyes_that_it_drew() -> None:
    engine = Studio.load(Settings(model="chibi")).engine
    choices = traits.unspecified("1girl, light skin", "chibi")[0]
    told = []
    for choice in choices:
        text = f"1girl, {choice}, light skin, long black hair, neutral expression"
        wanted = job(TextToImage(**SETTINGS | {"width": 256, "height": 256, "steps": 20}), engine.parts.row)
        plan = frames.plan(engine, wanted, [Frame(engine.encoder.encode([text]), seed=1)])
        latents = value(frames.draw_latents(engine, plan))
        told.extend(zero_shot.classify(engine, latents, "1girl, neutral expression", choices))
    assert told == list(choices)


@pytest.mark.slow
def test_chibi_tells_what_a_picture_by_another_hand_shows() -> None:
    render = pytest.importorskip("animegen.chibi.artist", reason="the artist draws with skia").draw
    engine = Studio.load(Settings(model="chibi")).engine
    person = replace(characters("validation", 0, 1)[0], eye_colour="green", skin="dark", person="boy")
    person = replace(person, hair_style="twintails", strength=0.0, accessories=frozenset(["headphones"]))
    undecided = zero_shot.find_unspecified(engine.encoder.tokens, [""], "chibi", negative="hat")
    assert zero_shot.recognise(engine, render(person, 256), undecided) == [
        *("green eyes", "dark skin", "1boy", "twintails", "headphones"),
    ]
