import json
import random
import re
from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from animegen.chibi.captions import (
    caption,
    caption_with_stated,
    known_words,
    train_tokenizer,
    understood,
    unknown_words,
    with_hair,
)
from animegen.chibi.character import ACCESSORIES, VOCABULARY, Character, characters
from animegen.chibi.wordings import fill, slots, table, tags

MANY = characters("train", seed=3, count=400)


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import CLIPTokenizer

    rng = random.Random(0)
    vocabulary, merges = train_tokenizer([caption(character, rng) for character in MANY])
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=77)


def test_the_same_seed_gives_the_same_caption():
    assert caption(MANY[0], random.Random(5)) == caption(MANY[0], random.Random(5))


def test_every_word_of_the_vocabulary_has_wordings():
    for name, words in VOCABULARY.items():
        assert set(words) <= set(table()[name])
    assert set(table()["accessory"]) == set(ACCESSORIES)


def test_captions_leave_no_braces_brackets_or_double_spaces():
    rng = random.Random(0)
    for character in MANY:
        text = caption(character, rng)
        assert not [mark for mark in ("{", "}", "[", "]", "  ", ", ,", " ,") if mark in text]


def test_what_is_stated_names_attributes_and_accessories_that_are_there():
    rng = random.Random(0)
    for character in MANY:
        assert caption_with_stated(character, rng)[1] <= set(VOCABULARY) | character.accessories


def test_attributes_are_stated_about_four_times_in_five():
    rng = random.Random(0)
    counts = Counter(name for character in MANY for name in caption_with_stated(character, rng)[1])
    for name in set(VOCABULARY) - {"gaze", "marks"}:
        assert 0.65 < counts[name] / len(MANY) < 0.85


def test_a_mark_that_is_there_is_always_stated():
    rng = random.Random(0)
    marked = [character for character in MANY if character.marks != "none"]
    words = {name: [*entry["tags"], *entry["phrases"]] for name, entry in table()["marks"].items()}
    for character in marked:
        text, names = caption_with_stated(character, rng)
        assert "marks" in names
        assert any(word in text.replace("_", " ") for word in words[character.marks])


def test_that_there_is_no_mark_is_hardly_ever_stated():
    rng = random.Random(0)
    bare = [replace(character, marks="none") for character in MANY]
    stated = sum("marks" in caption_with_stated(character, rng)[1] for character in bare)
    assert 0 < stated < 0.06 * len(bare)


def test_no_wording_of_a_mark_names_an_emotion():
    felt = {word for entry in table()["emotion"].values() for words in entry.values() for word in words}
    assert not felt & {word for entry in table()["marks"].values() for words in entry.values() for word in words}


def test_no_two_emotions_share_a_wording():
    said = [{word for words in entry.values() for word in words} for entry in table()["emotion"].values()]
    assert not [one & other for one, other in combinations(said, 2) if one & other]


def test_some_captions_state_one_or_two_things_only():
    rng = random.Random(0)
    few = sum(len(caption_with_stated(character, rng)[1]) <= 2 for character in MANY)
    assert 0.04 < few / len(MANY) < 0.15


def test_absent_accessories_are_never_named():
    rng = random.Random(0)
    words = {word for entry in table()["accessory"].values() for word in entry["tags"]}
    for character in MANY:
        bare = replace(character, accessories=frozenset())
        assert not words & set(caption(bare, rng).split(", "))


@pytest.mark.parametrize(
    ("strength", "words"),
    [(0.0, {"neutral", "expressionless", "emotionless"}), (0.2, {"slightly", "mildly"}), (0.95, {"very", "extremely"})],
)
def test_the_strength_of_an_emotion_is_in_the_words(strength, words):
    parts = [
        slots(Character(strength=strength), {"emotion"}, random.Random(seed))["emotion"].split()[0]
        for seed in range(60)
    ]
    assert words <= set(parts)


def test_a_plain_emotion_has_no_adverb():
    assert tags(Character(emotion="happy", strength=0.6), {"emotion"}, random.Random(0)) == ["happy"]


def test_every_sentence_template_has_a_place_for_everything():
    for template in table()["templates"]["sentences"]:
        for slot in ("person", "looks", "clothes", "gaze", "marks", "place"):
            assert f"{{{slot}}}" in template
        assert sum(f"{{{slot}}}" in template for slot in ("emotion", "face", "feeling")) == 1


def test_a_template_drops_parts_that_nothing_fills():
    assert fill("a [{mood} ]girl[ in {dress}]", {"mood": "angry", "dress": ""}) == "an angry girl"


def test_unknown_words_are_told_once_in_order():
    assert unknown_words("1girl, (blue hair), a dragon, Dragon, long_hair, unicorn's") == ("dragon", "unicorn's")


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [
        ("着物 桜、笑顔", ("着物", "桜", "笑顔")),
        ("桜", ("桜",)),
        ("1girl 😀😀, 👩‍👩‍👧", ("😀😀", "👩‍👩‍👧")),
        ("l0ng h4ir", ("l0ng", "h4ir")),
        ("no, no emotion, no_emotion", ("no",)),
        ("1girl, 2girls, 1boy", ("2girls",)),
        ("cafe\u0301", ("café",)),
        ("“blue hair” – t-shirt…", ()),
    ],
)
def test_every_word_and_sign_that_no_wording_has_is_unknown_as_it_was_typed(typed, unknown):
    assert unknown_words(typed) == unknown


@given(
    strangers=st.lists(
        st.sampled_from(["dragon", "桜", "😀", "l0ng", "no", "☆ ☆", "(unicorn)"]), min_size=1, max_size=4
    ),
    places=st.randoms(use_true_random=False),
    apart=st.sampled_from([", ", " "]),
)
def test_a_prompt_reads_as_if_its_unknown_words_had_never_been_typed(strangers, places, apart):
    words = ["1girl", "long blue hair", "a red hat", "smile"]
    typed = [*words]
    for word in strangers:
        typed.insert(places.randint(0, len(typed)), word)
    left, unknown = understood(apart.join(typed))
    assert left == apart.join(words)
    assert unknown


def test_a_prompt_that_is_understood_stays_as_typed():
    assert understood("1girl,  (blue_hair),\nsmile ;") == ("1girl,  (blue_hair),\nsmile ;", ())


def test_words_that_are_known_besides_stay():
    assert understood("inkstyle, dragon, 1girl", {"inkstyle"}) == ("inkstyle, 1girl", ("dragon",))


def test_words_that_hold_a_sentence_together_are_no_unknown_words():
    assert unknown_words("please draw a girl, she is happy and she has red hair") == ()


def test_words_that_state_something_are_known():
    rng = random.Random(0)
    for character in MANY[:100]:
        names = set(VOCABULARY) | character.accessories
        said = [*tags(character, names, rng), *slots(character, names, rng).values()]
        assert unknown_words(" ".join(said)) == ()


def test_everyday_words_are_unknown_unless_they_say_something():
    assert unknown_words("perhaps a girl") == ("perhaps",)


def test_everyday_words_of_captions_state_nothing():
    stating = {name: entry for name, entry in table().items() if isinstance(entry, dict) and name != "templates"}
    assert not set(table()["ordinary"]) & set(json.dumps(stating).replace('"', " ").split())


def test_some_captions_hold_words_that_no_table_has():
    rng = random.Random(0)
    captions = [caption(character, rng) for character in MANY]
    tables = set(re.findall(r"[a-z]+", json.dumps(table())))
    invented = [text for text in captions if set(re.findall(r"[a-z]+", text)) - tables]
    assert 0.15 < len(invented) / len(captions) < 0.5


def test_no_caption_is_cut_off_by_the_encoder(tokenizer):
    rng = random.Random(0)
    assert max(len(tokenizer(caption(character, rng)).input_ids) for character in MANY) <= 77


def test_a_tokenizer_is_the_same_for_the_same_texts():
    assert train_tokenizer(["a girl", "a boy"], 700) == train_tokenizer(["a girl", "a boy"], 700)


def test_clip_reads_a_prompt_word_by_word(tokenizer):
    assert tokenizer.tokenize("1girl, blue hair") == ["1</w>", "girl</w>", ",</w>", "blue</w>", "hair</w>"]


def test_the_vocabulary_is_small_and_ends_with_clips_marks(tokenizer):
    assert 1_000 <= len(tokenizer) <= 1_500
    assert tokenizer("").input_ids == [len(tokenizer) - 2, len(tokenizer) - 1]


def test_every_known_word_is_three_tokens_at_most(tokenizer):
    assert {word for word in known_words() if len(tokenizer.tokenize(word)) > 3} == set()


@pytest.mark.parametrize("text", ["青い髪の女の子、笑顔", "xylophone 😀 \0 ñ", "12345 (a:1.3)", "½ ² Ⅳ"])
def test_any_text_has_tokens_and_none_is_unknown(tokenizer, text):
    tokens = tokenizer.tokenize(text)
    assert tokens
    assert "<|endoftext|>" not in tokens


def test_a_caption_survives_the_tokenizer(tokenizer):
    text = "a happy girl with long blue hair"
    assert tokenizer.decode(tokenizer(text).input_ids, skip_special_tokens=True).strip() == text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1girl, red braid, hat", "1girl, red hair, braid, hat"),
        ("a boy with a Crimson  ponytail", "a boy with a Crimson hair, ponytail"),
        ("jet black bob cut", "jet black hair, bob cut"),
        ("silver high ponytail", "silver hair, high ponytail"),
        ("blue hair buns", "blue hair buns"),
        ("red hair, braid", "red hair, braid"),
        ("long red hair in a braid", "long red hair in a braid"),
        ("white bobbin", "white bobbin"),
        ("blue braided hair", "blue braided hair"),
    ],
)
def test_a_colour_before_a_hair_style_is_said_of_hair(typed: str, read: str) -> None:
    assert with_hair(typed) == read
    assert with_hair(read) == read
