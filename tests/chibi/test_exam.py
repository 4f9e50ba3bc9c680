import random
import re

from animegen.chibi.captions import caption
from animegen.chibi.character import VOCABULARY, characters
from animegen.chibi.exam import evaluation_prompt, shapes
from animegen.chibi.wordings import table

MANY = characters("test", seed=0, count=300)


def skeleton(template: str) -> str:
    """Return what a template says without its slots: the words that join them."""
    return " ".join(re.sub(r"\{\w+\}", " ", re.sub(r"[\[\]]", " ", template)).split())


def test_no_sentence_of_the_exam_is_or_lies_in_a_caption_template():
    trained = [skeleton(template) for template in table()["templates"]["sentences"]]
    for template in shapes()["sentences"]:
        assert not [caption for caption in trained if skeleton(template) in caption]
        assert template not in table()["templates"]["sentences"]


def test_no_list_of_the_exam_is_made_of_marks_that_captions_use():
    for shape in shapes()["lists"]:
        assert shape["between"] != ", " or shape["opening"].split(", ")[0] not in table()["ignored"]


def test_no_exam_prompt_reads_like_a_caption():
    rng = random.Random(0)
    captions = {caption(character, rng) for character in MANY for _ in range(5)}
    assert not captions & {evaluation_prompt(character, rng)[0] for character in MANY}


def test_every_exam_sentence_has_a_place_for_everything():
    for template in shapes()["sentences"]:
        slots = set(re.findall(r"\{(\w+)\}", template))
        assert {"person", "hair", "eyes", "skin", "outfit", "extras", "gaze", "place"} <= slots
        assert len(slots & {"emotion", "face", "feeling"}) == 1


def test_the_emotion_is_always_stated():
    rng = random.Random(0)
    assert all("emotion" in evaluation_prompt(character, rng)[1] for character in MANY)


def test_other_attributes_are_stated_seven_times_in_ten():
    rng = random.Random(0)
    stated = [evaluation_prompt(character, rng)[1] for character in MANY]
    for name in set(VOCABULARY) - {"emotion", "gaze"}:
        assert 0.6 < sum(name in names for names in stated) / len(MANY) < 0.8


def test_about_half_of_the_prompts_are_sentences():
    rng = random.Random(0)
    prompts = [evaluation_prompt(character, rng)[0] for character in MANY]
    lists = [p for p in prompts if any(p.startswith(shape["opening"] or "\0") for shape in shapes()["lists"])]
    assert 0.25 < len(lists) / len(MANY) < 0.6


def test_the_same_seed_gives_the_same_prompt():
    assert evaluation_prompt(MANY[0], random.Random(1)) == evaluation_prompt(MANY[0], random.Random(1))
