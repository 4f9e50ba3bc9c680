import pytest

from animegen.errors import InvalidRequest
from animegen.prompts.layers import Word, compose
from animegen.tasks import MAX_PROMPT, TextToImage


def words(text: str) -> int:
    return len(text.replace(",", " ").split())


def composed(prompt="1girl, blue hair", family="general", limit=75, **settings):
    return compose(TextToImage(prompt=prompt, **settings), family=family, count=words, limit=limit)


def texts(layer):
    return [word.text for word in layer]


def test_each_word_knows_where_it_came_from():
    prompt = composed(emotion="happy", style="watercolor")
    assert prompt.character == (Word("1girl", "you"), Word("blue hair", "you"))
    assert {word.source for word in prompt.emotion} == {"emotion picker"}
    assert {word.source for word in prompt.style} == {"style picker"}
    assert {word.source for word in prompt.quality} == {"quality level"}


def test_the_layers_are_joined_in_order():
    prompt = composed(emotion="happy", style="watercolor")
    assert prompt.text == ", ".join(texts([*prompt.character, *prompt.emotion, *prompt.style, *prompt.quality]))


def test_the_persons_own_text_stays_as_typed():
    assert composed("1girl,  (blue hair, red eyes:1.2),\nsmile , ").text.startswith(
        "1girl,  (blue hair, red eyes:1.2),\nsmile"
    )


def test_a_comma_inside_brackets_does_not_part_a_word():
    assert texts(composed("a, (b, [c, d]:1.2), e").character) == ["a", "(b, [c, d]:1.2)", "e"]


def test_no_emotion_adds_nothing():
    assert composed(emotion="none", emotion_strength=0.0).emotion == ()


def test_an_emotion_of_strength_zero_is_a_neutral_face():
    assert texts(composed(emotion="angry", emotion_strength=0.0, family="chibi").emotion) == ["neutral expression"]


@pytest.mark.parametrize(
    ("strength", "said"), [(0.44, "slightly happy"), (0.45, "happy"), (0.85, "happy"), (0.86, "very happy")]
)
def test_the_strength_of_an_emotion_chooses_its_words(strength, said):
    assert texts(composed(emotion="happy", emotion_strength=strength, family="chibi").emotion) == [said]


@pytest.mark.parametrize("prompt", ["1girl, smile, happy", "a HAPPY girl with a smile", "happy_girl, big_smile"])
def test_a_word_that_the_prompt_says_is_not_added_again(prompt):
    assert not {"happy", "smile"} & set(texts(composed(prompt, emotion="happy", emotion_strength=0.6).emotion))


def test_part_of_a_word_does_not_count_as_said():
    assert "sad" in texts(composed("a sadistic cook", emotion="sad", emotion_strength=0.6).emotion)


def test_quality_falls_first_then_style_then_emotion_and_your_words_never():
    settings = {"emotion": "happy", "style": "watercolor"}
    sources = [{word.source for word in composed(limit=limit, **settings).words} for limit in range(40)]
    order = ["you", "emotion picker", "style picker", "quality level"]
    assert all(found == set(order[: len(found)]) for found in sources)
    assert [len(found) for found in sources] == sorted(len(found) for found in sources)
    assert {len(found) for found in sources} == {1, 2, 3, 4}


def test_what_fell_off_is_kept_and_said():
    prompt = composed(limit=4, emotion="happy", emotion_strength=0.6, quality="draft")
    assert texts(prompt.dropped) == ["smile", "joyful expression"]
    assert "smile, joyful expression" in prompt.notes[0]


def test_your_own_words_past_the_limit_are_kept_and_reported():
    prompt = composed("one, two, three, four, five", limit=3)
    assert texts(prompt.character)[-2:] == ["four", "five"]
    assert any("four, five" in note for note in prompt.notes)


def test_a_prompt_within_the_limit_has_no_notes():
    assert composed(emotion="happy").notes == ()


def test_a_final_prompt_stands_as_it_is():
    prompt = composed(final_prompt=" just this, ", emotion="happy", style="anime")
    assert prompt.text == " just this, "
    assert prompt.words == (Word("just this", "final prompt"),)


def test_the_composed_request_composes_to_itself():
    task = TextToImage(prompt="1girl", emotion="sad", style="sketch", negative_prompt="hat, blurry")
    once = compose(task, family="general", count=words)
    again = TextToImage(
        prompt="1girl", emotion="sad", style="sketch", final_prompt=once.text, negative_prompt=once.negative
    )
    twice = compose(again, family="general", count=words)
    assert (twice.text, twice.negative) == (once.text, once.negative)


def test_the_negative_begins_with_yours_and_says_nothing_twice():
    negative = composed(negative_prompt="hat, blurry").negative.split(", ")
    assert negative[:2] == ["hat", "blurry"]
    assert len(negative) == len(set(negative))


def test_added_words_never_make_a_prompt_too_long_for_a_task():
    prompt = composed("a" * (MAX_PROMPT - 8), emotion="happy", negative_prompt="b" * (MAX_PROMPT - 8))
    TextToImage(prompt=prompt.text, negative_prompt=prompt.negative)


@pytest.mark.parametrize(
    ("settings", "choice"),
    [({"emotion": "grumpy"}, "angry"), ({"style": "cubist"}, "manga"), ({"quality": "8k"}, "high")],
)
def test_an_unknown_name_is_answered_with_the_choices(settings, choice):
    with pytest.raises(InvalidRequest, match=choice):
        composed(**settings)


def test_chibi_refuses_a_style_that_it_cannot_draw_and_says_which_it_can():
    with pytest.raises(InvalidRequest, match=r"cannot draw the style 'watercolor'.*kimono"):
        composed(family="chibi", style="watercolor")


def test_chibi_gets_no_quality_words_and_says_so():
    prompt = composed(family="chibi", quality="high")
    assert prompt.quality == ()
    assert "quality" in prompt.notes[0]


def test_the_usual_quality_is_no_news_for_chibi():
    assert composed(family="chibi").notes == ()


def test_words_that_chibi_does_not_know_are_said():
    prompt = composed("1girl, riding a dragon", family="chibi")
    assert prompt.unknown == ("riding", "dragon")
    assert "riding, dragon" in prompt.notes[0]


@pytest.mark.parametrize(
    "typed", ["1girl, 着物 桜 笑顔, blue hair", "1girl 😀, blue hair", "no 1girl, (dragon:1.4), AND blue hair, l0ng"]
)
def test_what_chibi_does_not_know_is_in_no_text_that_it_reads(typed):
    prompt = composed(typed, family="chibi", negative_prompt="hat, 桜, (lowres:1.2)")
    assert prompt.text == "1girl, blue hair"
    assert prompt.negative == "hat"
    assert {"桜", "lowres"} < set(prompt.unknown)


@pytest.mark.parametrize("typed", ["😀", "桜", "no", "l0ng", "[hat:scarf:0.5]", "{hat|scarf}", "AND", "(hat:-1)"])
@pytest.mark.parametrize("field", ["prompt", "final_prompt"])
def test_what_does_nothing_is_named_as_it_was_typed(typed, field):
    prompt = composed(**{"prompt": "1girl", field: f"1girl, {typed}"}, family="chibi")
    assert any(note.endswith(f": {typed}.") for note in prompt.notes)


def test_a_word_that_calls_a_lora_is_known_to_chibi():
    task = TextToImage(prompt="1girl, inkstyle, dragon", negative_prompt="inkstyle")
    prompt = compose(task, family="chibi", count=words, triggers={"ink": ["inkstyle"]})
    assert (prompt.text, prompt.negative, prompt.unknown) == ("1girl, inkstyle", "inkstyle", ("dragon",))


def test_a_final_prompt_of_which_nothing_is_left_is_refused():
    with pytest.raises(InvalidRequest, match="holds nothing to draw"):
        composed(final_prompt="桜 😀", family="chibi")


def test_what_chibi_reads_composes_to_itself():
    once = composed("1girl, no hat, {hat|scarf}, 桜, (blue hair:1.3)", family="chibi", negative_prompt="ribbon, 猫")
    again = composed(final_prompt=once.text, family="chibi", negative_prompt=once.negative)
    assert (again.text, again.negative, again.notes) == (once.text, once.negative, ())


@pytest.mark.parametrize("family", ["chibi", "general"])
def test_weights_do_nothing_and_one_note_says_so(family):
    prompt = composed("1girl, (blue hair:1.3), ((hat))", family=family, negative_prompt="(scarf:1.2)")
    (note,) = prompt.notes
    assert note == "Weights are not supported and do nothing: (blue hair:1.3), ((hat)), (scarf:1.2)."


def test_chibi_reads_words_with_a_weight_as_those_words():
    assert composed("1girl, (blue hair:1.3), [hat], {{smile}}", family="chibi").text == "1girl, blue hair, hat, smile"


@pytest.mark.parametrize(
    ("settings", "more"),
    [
        ({"prompt": "blue " * 600, "limit": 10}, 590),
        ({"prompt": ", ".join(["blue"] * 600), "limit": 10}, 580),
        ({"prompt": " ".join(f"x{number}" for number in range(600))}, 590),
        ({"prompt": "1girl", "negative_prompt": " ".join(f"x{number}" for number in range(600))}, 590),
        ({"prompt": ", ".join(["no hat"] * 300)}, 590),
    ],
)
def test_a_note_lists_ten_words_and_how_many_more(settings, more):
    (note,) = composed(**settings, family="chibi").notes
    assert f" and {more} more" in note
    assert len(note) < 250


def test_of_a_word_without_an_end_a_note_shows_the_beginning():
    (note,) = composed("桜" * 3_000, family="chibi").notes
    assert len(note) < 150


def test_a_long_prompt_costs_few_counts():
    calls = []

    def count(text):
        calls.append(text)
        return words(text)

    compose(TextToImage(prompt=", ".join(["word"] * 650), emotion="happy"), family="general", count=count)
    assert len(calls) < 40


def test_chibi_reads_a_colour_before_a_hair_style_as_one_of_hair() -> None:
    task = TextToImage(prompt="1girl, red braid", quality="draft")
    assert compose(task, family="chibi", count=len).text == "1girl, red hair, braid"
    assert compose(task, family="general", count=len).text.startswith("1girl, red braid")


def test_a_final_prompt_is_drawn_as_it_stands() -> None:
    task = TextToImage(prompt="", final_prompt="1girl, red braid")
    assert compose(task, family="chibi", count=len).text == "1girl, red braid"
