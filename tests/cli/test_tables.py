"""The verbs that show: what they print comes from the tables that drawing uses."""

import json

import pytest

from animegen.cli.tables import STRENGTH
from animegen.prompts.appearance import KINDS, features
from animegen.prompts.emotions import emotions
from animegen.prompts.styles import styles
from animegen.settings import Settings
from animegen.tasks import TextToImage


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def first_words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines() if line.strip()]


def test_emotions_lists_every_emotion_in_both_languages(say) -> None:
    said = say("emotions").out
    assert first_words(said)[1:] == list(emotions())
    assert all(each.label_ja in said for each in emotions().values())


def test_emotions_are_shown_at_the_strength_that_a_task_has_by_itself() -> None:
    assert TextToImage(prompt="1girl").emotion_strength == STRENGTH


def test_appearance_lists_every_name_under_the_option_that_takes_it(say) -> None:
    said = [line.split()[:2] for line in say("appearance").out.splitlines()]
    assert said[1:] == [[f"--{kind.replace('_', '-')}", name] for kind in KINDS for name in features(kind)]


def test_styles_lists_every_style(say) -> None:
    assert set(styles()) <= set(first_words(say("styles").out))


def test_styles_says_which_this_model_cannot_draw(say) -> None:
    lines = say("styles").out.splitlines()
    (realistic,) = [line for line in lines if line.startswith("realistic")]
    assert realistic.split() == ["realistic", "Realistic", "リアル"]
    assert "chibi" in lines[-1]


def test_models_marks_the_one_that_draws_and_says_why(say) -> None:
    said = say("models").out
    assert "*  chibi" in said
    assert "was chosen because" in said


def test_models_tells_licence_memory_and_what_is_not_allowed(say) -> None:
    said = " ".join(say("models").out.split())
    assert "CC0-1.0" in said
    assert "GB of memory" in said
    assert "GB are free on" in said
    assert "commercial use" in said


def test_models_can_be_told_as_json(say) -> None:
    told = json.loads(say("models", "--json").out)
    chibi = told["models"][0]
    assert (chibi["name"], chibi["active"], chibi["not allowed"]) == ("chibi", True, [])
    assert 0 < chibi["memory"] < 1
    assert told["told"][0].startswith("chibi (embedded, 256 px) was chosen")


def test_models_tells_scripts_which_samplers_each_draws_with(say) -> None:
    told = {each["name"]: each["samplers"] for each in json.loads(say("models", "--json").out)["models"]}
    assert {name: "LCM" in offered for name, offered in told.items()} == {
        "chibi": False, "sd15": True, "cool-japan": False,
    }  # fmt: skip
    assert "DPM++ 2M" in told["chibi"]


def test_models_counts_the_safety_checker_on_a_public_page(say, monkeypatch) -> None:
    def needed() -> dict[str, float]:
        return {each["name"]: each["memory"] for each in json.loads(say("models", "--json").out)["models"]}

    private = needed()
    monkeypatch.setattr("animegen.settings.settings", lambda: Settings(public=True))
    public = needed()
    assert public["chibi"] == private["chibi"]
    assert round(public["sd15"] - private["sd15"], 1) == 1.1


def test_a_model_from_a_folder_stands_among_the_others(say, model_folder, monkeypatch) -> None:
    monkeypatch.setattr("animegen.settings.settings", lambda: Settings(model=str(model_folder)))
    models = json.loads(say("models", "--json").out)["models"]
    assert [each["name"] for each in models if each["active"]] == [model_folder.name]


def test_a_prompts_layers_are_shown_with_where_each_word_came_from(say) -> None:
    said = say("prompt", "1girl, blue hair", "--emotion", "happy", "--style", "kimono").out
    rows = [line.split("  ") for line in said.splitlines()]
    assert ["character", "blue hair", "prompt"] in [[cell.strip() for cell in row if cell.strip()] for row in rows]
    assert "emotion picker" in said
    assert "style picker" in said


def test_the_final_prompt_and_the_negative_are_shown_as_they_will_be_read(say) -> None:
    lines = say("prompt", "1girl", "--emotion", "happy", "--negative-prompt", "hat").out.splitlines()
    assert lines[-2:] == ["Prompt: 1girl, happy", "Negative: hat"]


def test_words_in_square_brackets_are_no_markup(say, studio) -> None:
    studio.family = "general"
    assert "[red]hair[/red]" in say("prompt", "1girl, [red]hair[/red]").out


def test_an_unknown_word_is_told_on_stderr(say) -> None:
    assert "xylophone" in say("prompt", "1girl, xylophone").err


def test_an_unknown_emotion_names_the_choices(say) -> None:
    said = say("prompt", "1girl", "--emotion", "hungry")
    assert (said.code, said.out) == (1, "")
    assert "happy" in said.err


def test_prompt_draws_nothing(say, studio) -> None:
    say("prompt", "1girl")
    assert studio.tasks == []
