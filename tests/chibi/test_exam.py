"""The examination: known answers, even counts, and nothing in common with the captions' tables."""

import random
import re
from collections import Counter

import pytest

from animegen.chibi.captions import MARKS
from animegen.chibi.character import ACCESSORIES, NEUTRAL, ON_HEAD, VOCABULARY, labels
from animegen.chibi.exam import UNSTATED, prompts, table
from animegen.chibi.wordings import table as captions

SECTIONS = table()
ENTRIES = [(emotion, entry) for emotion, section in SECTIONS.items() for entry in section]
TEXTS = [entry["text"] for _, entry in ENTRIES]
COMING = {"crying", "laughing", "disgusted", "marks"} - {*VOCABULARY, *VOCABULARY["emotion"]}
"""Emotions and an attribute of the examination that chibi's world does not have yet."""
COLOURS = ("hair_colour", "eye_colour")
ASKED = [*prompts("test"), *prompts("validation")]


def answers(emotion: str, entry: dict) -> dict[str, str]:
    said = {name: word for name, word in entry.items() if name not in ("text", "wording", "accessories")}
    return said | ({} if emotion == UNSTATED else {"emotion": emotion})


def words_of(name: str, word: str) -> list[str]:
    """Return all wordings of an answer as the captions' table has them, an adjective without its noun."""
    entry = captions()[name][word]
    found = entry if isinstance(entry, list) else [text for texts in entry.values() for text in texts]
    return [text.replace("{colour}", "").replace("{her}", "her").replace("{them}", "her") for text in found]


def says(text: str, wording: str) -> bool:
    """Say whether all words of a wording stand in a text, in any order and with or without the end of a plural."""
    held = {word.removesuffix("s") for word in re.findall(r"[^\W_]+", text.lower())}
    return {word.removesuffix("s") for word in re.findall(r"[^\W_]+", wording.lower())} <= held


def wording_pattern(wordings: list[str]) -> str:
    return "(?:" + "|".join(sorted((re.escape(text) for text in set(wordings)), key=len, reverse=True)) + ")"


def caption_patterns() -> tuple[re.Pattern[str], list[re.Pattern[str]]]:
    """Return what matches any list of the captions' tags, and what matches any text of each sentence."""
    words = captions()
    colours = wording_pattern([text for name in COLOURS for texts in words[name].values() for text in texts])
    attributes = [name for name in (*VOCABULARY, "accessory") if name not in COLOURS]
    entries = [entry for name in attributes for entry in words[name].values()]
    every = [text for entry in entries for texts in entry.values() for text in texts] + words["nameless"]["phrases"]
    phrase = wording_pattern(every).replace(re.escape("{colour}"), colours)
    phrase = re.sub(r"\\\{\w+\\\}", "(?:her|his|him)", phrase)
    bands = ("slight", "slight_feeling", "strong")
    strength = wording_pattern([text for band in bands for text in words["strength"][band]])
    part = f"(?:(?:{strength} )?(?:{phrase}|{colours} (?:hair|eyes))(?: (?:expression|face|look))?)"
    tag = f"(?:{part}|{wording_pattern(words['ignored'])})"
    lists = "|".join(f"{tag}(?:{between}{tag})*" for between in (", ", " ", f" [{re.escape(MARKS)}] "))
    listed = f"{part}(?:(?:, | and ){part})*"
    sentences = []
    for template in words["templates"]["sentences"]:
        pattern = re.sub(r"\\\{\w+\\\}", lambda _: listed, re.escape(template))
        pattern = pattern.replace(r"\[", "(?:").replace(r"\]", ")?")
        sentences.append(re.compile(pattern, re.IGNORECASE))
    return re.compile(lists, re.IGNORECASE), sentences


TAG_LIST, SENTENCES = caption_patterns()


def test_there_are_three_hundred_prompts_and_no_two_are_equal() -> None:
    assert len({" ".join(text.lower().split()) for text in TEXTS}) == len(TEXTS) == 300


def test_every_answer_is_a_word_of_the_world() -> None:
    for emotion, entry in ENTRIES:
        for name, word in answers(emotion, entry).items():
            known = (*VOCABULARY.get(name, ()), *([NEUTRAL] if name == "emotion" else []))
            assert word in known or COMING & {name, word}, entry
        worn = set(entry.get("accessories", ()))
        assert worn <= set(ACCESSORIES)
        assert len(worn & ON_HEAD) <= 1


def test_every_prompt_of_the_world_is_asked() -> None:
    later = [entry["text"] for emotion, entry in ENTRIES if COMING & {emotion, *entry}]
    assert sorted(prompt.text for prompt in ASKED) == sorted(set(TEXTS) - set(later))


def test_every_prompt_says_whom_it_is_of() -> None:
    assert all("person" in entry for _, entry in ENTRIES)


def test_a_prompt_says_each_of_its_answers_in_words_that_captions_use() -> None:
    for emotion, entry in ENTRIES:
        wanted = [(name, word) for name, word in answers(emotion, entry).items() if not COMING & {name, word}]
        for name, word in [*wanted, *(("accessory", worn) for worn in entry.get("accessories", ()))]:
            assert any(says(entry["text"], text) for text in words_of(name, word)), (entry, name, word)


def test_each_emotion_has_its_share_of_the_prompts() -> None:
    counts = {emotion: len(section) for emotion, section in SECTIONS.items()}
    for emotion in {*VOCABULARY["emotion"], *COMING} - {"marks"}:
        assert counts[emotion] >= (12 if emotion in ("crying", "laughing", "disgusted") else 20)
    assert counts[NEUTRAL] >= 12


@pytest.mark.parametrize(
    ("name", "least"),
    [("person", 130), ("hair_colour", 20), ("hair_style", 18), ("outfit", 15), ("background", 10), ("eye_colour", 10)],
)
def test_every_word_of_an_attribute_is_stated_several_times(name: str, least: int) -> None:
    counts = Counter(entry.get(name) for _, entry in ENTRIES)
    assert min(counts[word] for word in VOCABULARY[name]) >= least


def test_every_accessory_is_named_a_dozen_times() -> None:
    counts = Counter(worn for _, entry in ENTRIES for worn in entry.get("accessories", ()))
    assert min(counts[name] for name in ACCESSORIES) >= 12


def test_ten_prompts_ask_for_a_mark_and_each_mark_is_asked_for() -> None:
    marks = [entry["marks"] for _, entry in ENTRIES if "marks" in entry]
    assert len(marks) == 10
    assert set(marks) == {"anger", "twinkle", "note", "start", "glint", "flame", "bubble"}


def test_half_of_the_prompts_are_of_tags() -> None:
    assert Counter(entry["wording"] for _, entry in ENTRIES) == {"tags": 150, "sentence": 150}


def test_no_prompt_has_a_filler_word_of_the_captions() -> None:
    fillers = [*captions()["ordinary"], *captions()["ignored"]]
    found = [(text, word) for text in TEXTS for word in fillers if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    assert found == []


def test_no_prompt_is_parted_by_a_mark_of_the_captions() -> None:
    assert [text for text in TEXTS if re.search(rf"(?:^|\s)[{re.escape(MARKS)}](?:\s|$)", text)] == []


def test_no_prompt_opens_as_a_sentence_of_the_captions_does() -> None:
    openings = {re.split(r"[\[{]", template)[0].strip() for template in captions()["templates"]["sentences"]} - {""}
    assert len(openings) > 5
    assert [text for text in TEXTS if re.match(rf"(?:{'|'.join(openings)})\b", text, re.IGNORECASE)] == []


def test_no_prompt_is_a_list_of_tags_as_captions_have_it() -> None:
    assert TAG_LIST.fullmatch("1girl / very sad / blue hair / ribbon / cute")
    assert [text for text in TEXTS if TAG_LIST.fullmatch(text)] == []


def test_no_prompt_is_a_sentence_of_the_captions() -> None:
    example = "happy girl, long blue hair, a kimono and a hat at night, looking left"
    assert any(sentence.fullmatch(example) for sentence in SENTENCES)
    assert [text for text in TEXTS for sentence in SENTENCES if sentence.fullmatch(text)] == []


def test_choices_and_reports_share_no_prompt() -> None:
    test, validation = ({prompt.text for prompt in prompts(part)} for part in ("test", "validation"))
    assert not test & validation
    assert len(validation) == pytest.approx(len(ASKED) / 5, abs=1)
    assert prompts("train") == ()


def test_the_first_prompts_are_of_all_emotions_alike() -> None:
    counts = Counter(prompt.answers.get("emotion") for prompt in prompts("test")[:80])
    assert all(counts[emotion] >= 3 for emotion in VOCABULARY["emotion"])


def test_a_character_shows_what_its_prompt_states() -> None:
    rng = random.Random(0)
    for prompt in ASKED:
        character = prompt.character(rng)
        seen = labels(character)
        assert all(seen[name] in (word, None) for name, word in prompt.answers.items())
        assert character.accessories == prompt.accessories
        assert "emotion" not in prompt.answers or seen["emotion"] == prompt.answers["emotion"]
