"""The linter in both directions: nothing in a good folder, and in a broken one exactly what was broken."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from PIL import Image, ImageDraw

from animegen.datasets.layouts import guess
from animegen.datasets.lint import fingerprints
from animegen.datasets.recipe import DataRecipe, Layout
from tests.datasets.folders import drawing, write_picture
from tests.datasets.linting import NAMES, TRIGGER, caption, findings, good, keys, write_lines

Break = Callable[[Path], object]
"""Breaks the folder of training pictures; ``own`` and ``added`` below are its sub-folder and that of regularisation."""


@pytest.mark.parametrize("layout", get_args(Layout))
def test_a_good_folder_has_no_finding(tmp_path: Path, layout: Layout) -> None:
    assert findings(good(tmp_path, layout), count=len, knows=lambda word: word == "girl") == []


@pytest.mark.parametrize("layout", get_args(Layout))
def test_the_layout_is_guessed_from_the_tree(tmp_path: Path, layout: Layout) -> None:
    assert guess(good(tmp_path, layout).folder) == layout


def write(name: str, text: str | bytes) -> Break:
    data = text.encode() if isinstance(text, str) else text
    return lambda own: (own / name).write_bytes(data)


def recaption(change: Callable[[int], str], count: int = 12) -> Break:
    """Return what writes new captions of the first ``count`` pictures."""

    def break_it(own: Path) -> None:
        for number in range(count):
            (own / NAMES[number]).with_suffix(".txt").write_text(change(number), encoding="utf-8")

    return break_it


def redraw(name: str, *size: int) -> Break:
    return lambda own: drawing(name, size).save(own / name)


def copy(name: str) -> Break:
    return lambda own: [shutil.copy(own / f"00{ending}", own / f"{name}{ending}") for ending in (".png", ".txt")]


def compress(own: Path) -> None:
    picture = Image.open(own / "00.png")
    picture.resize((80, 80)).save(own / "small.jpg", quality=60)
    (own / "small.txt").write_text(caption(0), encoding="utf-8")


def enlarge(own: Path) -> None:
    Image.open(own / "01.png").resize((128, 128)).save(own / "01 large.png")
    (own / "01 large.txt").write_text(caption(1), encoding="utf-8")


def remove(*names: str) -> Break:
    return lambda own: [(own / name).unlink() for name in names]


def add_folder(name: str) -> Break:
    return lambda own: write_picture(own.parent / name / "a.png", "1girl")


def truncate(own: Path) -> None:
    whole = (own / "00.png").read_bytes()
    (own / "00.png").write_bytes(whole[: len(whole) // 2])


FEW = [f"{number:02}{ending}" for number in range(3, 12) for ending in (".png", ".txt")]

BROKEN: dict[str, tuple[Break, dict[str, Any], list[str]]] = {
    "a caption in Shift-JIS": (write("00.txt", "青い髪".encode("cp932")), {}, ["not_utf8"]),
    "a caption in UTF-16": (write("00.txt", "青い髪".encode("utf-16")), {}, ["not_utf8"]),
    "a missing caption": (remove("00.txt"), {}, ["missing"]),
    "an empty caption": (write("00.txt", ""), {}, ["empty"]),
    "a truncated picture": (truncate, {}, ["pictures.not_a_picture"]),
    "no picture": (write("00.png", "<html>"), {}, ["pictures.not_a_picture"]),
    "both kinds of captions": (write("00.caption", "1girl"), {}, ["two_captions"]),
    "a caption alone": (write("zz.txt", "1girl"), {}, ["caption_alone"]),
    "a stray file": (write("notes.odt", "notes"), {}, ["no_picture"]),
    "a folder without a number": (add_folder("mika"), {}, ["no_repeats"]),
    "a small picture": (redraw("03.png", 40, 40), {}, ["small"]),
    "a small picture that may not be enlarged": (redraw("00.png", 40, 40), {"upscale": False}, ["small_refused"]),
    "a long picture": (redraw("00.png", 64, 200), {}, ["cut"]),
    "a tall picture without buckets": (redraw("00.png", 64, 100), {"buckets": False}, ["cut_square"]),
    "a copy": (copy("zz"), {}, ["copies"]),
    "a copy in another format": (compress, {}, ["near_copies"]),
    "a trait in every caption": (recaption(lambda n: f"silver hair, {caption(n)}"), {}, ["binding"]),
    "a trait in every second caption": (recaption(lambda n: f"silver hair, {caption(n)}", 6), {}, []),
    "closed eyes in most pictures": (recaption(lambda n: f"closed eyes, {caption(n)}", 8), {}, ["shared"]),
    "closed eyes in half of the pictures": (recaption(lambda n: f"closed eyes, {caption(n)}", 6), {}, []),
    "flips of one-sided tags": (recaption(lambda n: f"eyepatch, {caption(n)}", 1), {"flip": True}, ["sided"]),
    "one-sided tags without flips": (recaption(lambda n: f"eyepatch, {caption(n)}", 1), {}, []),
    "several characters": (
        recaption(lambda n: f"{('saber (fate)', 'rin (fate)')[n % 2]}, {caption(n)}"), {}, ["names"]
    ),
    "no trigger": (recaption(caption), {"trigger": ""}, ["no_trigger"]),
    "only 1girl in front": (
        recaption(lambda n: f"1girl, {caption(n)}"), {"trigger": "", "exclude": ("1girl",)}, ["no_trigger"]
    ),
    "a trigger in the captions that is shuffled": (
        recaption(lambda n: f"mika, {caption(n)}"), {"trigger": ""}, ["trigger_unkept"]
    ),
    "a trigger in the captions that is kept": (
        recaption(lambda n: f"mika, {caption(n)}"), {"trigger": "", "keep_tokens": 1}, []
    ),
    "an ordinary trigger": (recaption(caption), {"trigger": "girl"}, ["ordinary"]),
    "a long caption": (recaption(lambda n: f"{'long ' * 80}, {caption(n)}", 1), {}, ["long"]),
    "kept tags and no shuffling": (recaption(caption), {"keep_tokens": 1, "shuffle": False}, ["keep_idle"]),
    "all tags kept": (recaption(caption), {"keep_tokens": 2}, ["keep_all"]),
    "single tags": (recaption(lambda n: f"tag{n}"), {}, ["single_tags"]),
    "few pictures": (remove(*FEW), {}, ["few"]),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_has_exactly_the_findings_of_what_was_broken(tmp_path: Path, name: str) -> None:
    break_it, values, expected = BROKEN[name]
    recipe = good(tmp_path, **values)
    break_it(tmp_path / "data/10_mika")
    found = findings(recipe, count=lambda text: len(text.split()), knows=lambda word: word == "girl")
    assert keys(found) == expected


def test_every_finding_has_a_fix_in_both_languages(tmp_path: Path) -> None:
    recipe = good(tmp_path, trigger="girl", flip=True)
    for name in ("a caption in Shift-JIS", "no picture", "a stray file", "both kinds of captions", "a copy"):
        BROKEN[name][0](tmp_path / "data/10_mika")
    for each in findings(recipe, knows=lambda word: True):
        shown = each.to_json(recipe)
        assert set(shown["message"]) == set(shown["fix"]) == {"en", "ja"}


def test_all_broken_files_are_found_and_not_the_first_alone(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    for name in ("00.txt", "01.txt"):
        (tmp_path / "data/10_mika" / name).write_bytes("青い髪".encode("cp932"))
    assert [each.paths[0].name for each in findings(recipe)] == ["00.txt", "01.txt"]


def test_the_fix_of_an_encoding_names_the_one_that_the_file_is_in(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    for name, encoding in (("00.txt", "cp932"), ("01.txt", "utf-16")):
        (tmp_path / "data/10_mika" / name).write_bytes("青い髪".encode(encoding))
    first, second = findings(recipe)
    assert "iconv -f CP932 -t UTF-8 " in str(first.fix)
    assert "iconv -f UTF-16 -t UTF-8 " in str(second.fix)


def test_an_error_comes_before_a_warning_and_a_note_last(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    for name in ("a stray file", "a small picture", "a caption in Shift-JIS"):
        BROKEN[name][0](tmp_path / "data/10_mika")
    assert [each.level for each in findings(recipe)] == ["error", "warning", "note"]


def test_the_trait_finding_proposes_the_whole_line_of_the_recipe(tmp_path: Path) -> None:
    recipe = good(tmp_path, exclude=("1girl",))
    recaption(lambda n: f"1girl, red eyes, silver_hair, {caption(n)}")(tmp_path / "data/10_mika")
    (found,) = findings(recipe)
    assert "`exclude: [1girl, red eyes, silver hair]`" in str(found.fix)


@pytest.mark.parametrize("tag", [":d", "no", "saber \\(fate\\)", "a: b", "'x'"])
def test_the_proposed_line_excludes_the_tag_however_it_is_written(tmp_path: Path, tag: str) -> None:
    recipe = good(tmp_path)
    recaption(lambda n: f"{tag}, {caption(n)}")(tmp_path / "data/10_mika")
    (found,) = findings(recipe)
    line = yaml.safe_load(str(found.fix).split("`")[1])
    assert findings(recipe.model_copy(update={"exclude": tuple(line["exclude"])})) == []


def test_what_the_recipe_excludes_binds_nothing(tmp_path: Path) -> None:
    recipe = good(tmp_path, exclude=("silver_hair",))
    recaption(lambda n: f"silver hair, {caption(n)}")(tmp_path / "data/10_mika")
    assert findings(recipe) == []


def test_a_mirrored_or_redrawn_picture_is_no_copy(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    own = tmp_path / "data/10_mika"
    changed = Image.open(own / "00.png").copy()
    ImageDraw.Draw(changed).rectangle((40, 4, 60, 30), fill="black")
    write_picture(own / "zz.png", caption(5), image=changed)
    assert findings(recipe) == []


def test_without_the_library_near_copies_are_not_searched_and_a_note_says_so(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(fingerprints, "find_spec", lambda name: None)
    (note,) = findings(good(tmp_path))
    assert (note.level, "pip install" in str(note.fix)) == ("note", True)


def test_a_name_that_is_not_utf8_is_printed_in_json_and_in_words(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    Path(os.fsdecode(os.fsencode(tmp_path / "data/10_mika") + b"/\xff.png")).write_bytes(b"")
    (found,) = findings(recipe)
    (json.dumps(found.to_json(recipe), ensure_ascii=False) + str(found.fix)).encode()
    assert (keys([found]), found.level) == (["odd_name"], "error")


def test_of_copies_the_shortest_name_is_kept_and_of_near_copies_the_largest(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    copy("00 copy")(tmp_path / "data/10_mika")
    enlarge(tmp_path / "data/10_mika")
    copies, near = sorted(findings(recipe), key=lambda each: each.message.id)[:2]
    assert [path.name for path in copies.paths] == ["00.png", "00 copy.png"]
    assert [path.name for path in near.paths] == ["01 large.png", "01.png"]


# Regularisation


def regularization(root: Path) -> Path:
    return root / "class/1_girl"


def test_a_trigger_in_the_captions_of_the_class_is_an_error(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    (regularization(tmp_path) / "00.txt").write_text(f"{TRIGGER}, {caption(0)}", encoding="utf-8")
    (found,) = findings(recipe)
    assert (keys([found]), found.level) == (["leak"], "error")
    assert found.paths == (regularization(tmp_path) / "00.png",)


def test_a_longer_word_than_the_trigger_is_no_leak(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    (regularization(tmp_path) / "00.txt").write_text(f"{TRIGGER}sa, {caption(0)}", encoding="utf-8")
    assert findings(recipe) == []


def test_fewer_pictures_of_the_class_than_of_the_character_are_too_few(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    remove(*FEW)(regularization(tmp_path))
    assert keys(findings(recipe)) == ["few_regularization"]


def test_pictures_of_the_class_at_a_size_of_their_own_are_named(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    redraw("00.png", 64, 96)(regularization(tmp_path))
    assert keys(findings(recipe)) == ["other_sizes"]


def test_a_copy_between_class_and_character_is_found(tmp_path: Path) -> None:
    recipe = good(tmp_path)
    shutil.copy(tmp_path / "data/10_mika/00.png", regularization(tmp_path) / "00.png")
    assert keys(findings(recipe)) == ["copies"]


# The other layouts


def test_a_file_outside_of_the_folders_of_tags_is_named(tmp_path: Path) -> None:
    recipe = good(tmp_path, "folders")
    write_picture(tmp_path / "data/loose.png")
    assert keys(findings(recipe)) == ["outside_subfolders"]


def test_a_caption_that_repeats_its_folder_says_nothing(tmp_path: Path) -> None:
    recipe = good(tmp_path, "folders")
    (tmp_path / "data/mika_anime/00.txt").write_text("", encoding="utf-8")
    assert keys(findings(recipe)) == ["empty"]


def test_folders_without_captions_have_no_finding(tmp_path: Path) -> None:
    recipe = good(tmp_path, "folders", shuffle=False)
    for path in tmp_path.rglob("*.txt"):
        path.unlink()
    assert findings(recipe) == []


def test_lines_of_metadata_are_checked_one_by_one(tmp_path: Path) -> None:
    recipe = good(tmp_path, "metadata")
    texts = {name: caption(number) for number, name in enumerate(NAMES[:-1])}
    write_lines(tmp_path / "data", {**texts, "00.png": "", "nowhere.png": "1girl"})
    with (tmp_path / "data/metadata.jsonl").open("a", encoding="utf-8") as file:
        file.write("\nno json")
    assert keys(findings(recipe)) == ["empty_line", "line_no_file", "line_no_json", "not_named"]


def test_a_folder_without_pictures_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (found,) = findings(DataRecipe(folder=tmp_path / "data", resolution=64))
    assert (keys([found]), found.level) == (["no_pictures"], "error")
