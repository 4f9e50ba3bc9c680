"""A folder as it is read: which samples, in which order, and every other file named with its reason."""

from errno import EACCES
from pathlib import Path
from unicodedata import normalize

import pytest

from animegen.datasets.dataset import Dataset
from animegen.datasets.layouts import read, survey
from animegen.errors import DatasetRefused
from tests.datasets.folders import (
    recipe,
    write_folders,
    write_kohya,
    write_metadata,
    write_picture,
    write_tree,
)


def reasons(dataset: Dataset) -> dict[str, str]:
    """Return why files were ignored, by their paths in the folder."""
    return {str(each.path.relative_to(dataset.root)): each.reason.id for each in dataset.ignored}


def faults(dataset: Dataset) -> dict[str, str]:
    return {str(each.path.relative_to(dataset.root)): each.reason.id for each in dataset.faults}


def names(dataset: Dataset) -> list[str]:
    return [str(each.path.relative_to(dataset.root)) for each in dataset.training]


def test_kohya_folders_give_repeats_and_class_words(tmp_path):
    found = read(recipe(write_kohya(tmp_path))).training
    assert [(str(each.path.relative_to(tmp_path)), each.repeats, each.folder_words) for each in found] == [
        ("1_boy/a.png", 1, "boy"),
        ("1_boy/b.jpg", 1, "boy"),
        ("3_miko girl/a.png", 3, "miko girl"),
        ("3_miko girl/b.png", 3, "miko girl"),
        ("3_miko girl/c.png", 3, "miko girl"),
    ]


def test_a_kohya_folder_without_a_number_of_repeats_is_named_as_ignored(tmp_path):
    assert reasons(read(recipe(write_kohya(tmp_path)))) == {
        "0_unused": "datasets.no_repeats",
        "notes": "datasets.no_repeats",
    }


def test_a_kohya_folder_may_be_a_number_alone(tmp_path):
    (only,) = read(recipe(write_tree(tmp_path, {"010/a.png": None}))).training
    assert (only.repeats, only.folder_words, only.caption) == (10, "", "")


def test_more_repeats_than_the_limit_are_a_fault(tmp_path):
    write_tree(tmp_path, {"20240131_trip/a.png": None})
    assert faults(survey(recipe(tmp_path))) == {"20240131_trip": "datasets.many_repeats"}


def test_a_picture_without_a_caption_gets_the_words_of_its_folder(tmp_path):
    found = {each.path.name: each for each in read(recipe(write_kohya(tmp_path))).training[2:]}
    assert (found["a.png"].caption, found["a.png"].captioned) == ("1girl, blue hair, smile", True)
    assert (found["c.png"].caption, found["c.png"].captioned) == ("miko girl", False)


def test_an_empty_caption_file_is_an_empty_caption(tmp_path):
    (only,) = read(recipe(write_tree(tmp_path, {"1_girl/a.png": ""}))).training
    assert (only.caption, only.captioned) == ("", True)


def test_the_name_of_a_folder_is_a_tag_of_every_picture_in_it(tmp_path):
    found = read(recipe(write_folders(tmp_path), layout="folders", repeats=4)).training
    assert [each.caption for each in found] == [
        "happy anime",
        "happy anime",
        "watercolor",
        "watercolor, 1girl, red hair",
    ]
    assert {each.repeats for each in found} == {4}


def test_a_caption_that_has_the_tag_of_its_folder_does_not_get_it_twice(tmp_path):
    write_tree(tmp_path, {"happy_anime/a.png": "1girl, Happy_Anime"})
    assert read(recipe(tmp_path, layout="folders")).training[0].caption == "1girl, Happy_Anime"


def test_metadata_names_pictures_and_their_texts(tmp_path):
    found = read(recipe(write_metadata(tmp_path), layout="metadata", repeats=2))
    assert [(str(each.path.relative_to(tmp_path)), each.caption, each.repeats) for each in found.training] == [
        ("a.png", "1girl, blue hair", 2),
        ("b.png", "1boy", 2),
        ("more/c.png", "1girl, smile", 2),
    ]
    assert found.ignored == ()


def test_a_picture_that_no_line_names_is_named_as_ignored(tmp_path):
    write_picture(write_metadata(tmp_path) / "more" / "left.png")
    assert reasons(read(recipe(tmp_path, layout="metadata"))) == {"more/left.png": "datasets.not_named"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a.png, 1girl", "line_no_json"),
        ("[" * 100_000, "line_no_json"),
        ('["a.png"]', "line_keys"),
        ('{"file_name": "a.png"}', "line_keys"),
        ('{"file_name": "", "text": "1girl"}', "line_keys"),
        ('{"file_name": "a.png", "text": 3}', "line_keys"),
        ('{"file_name": "a.png", "text": "\\ud800"}', "line_keys"),
        ('{"file_name": "gone.png", "text": "1girl"}', "line_no_file"),
        ('{"file_name": "more", "text": "1girl"}', "line_no_file"),
        ('{"file_name": "a\\u0000.png", "text": "1girl"}', "line_no_file"),
        ('{"file_name": "%s.png", "text": "1girl"}' % ("x" * 300), "line_no_file"),
        ('{"file_name": "../outside.png", "text": "1girl"}', "line_leaves_folder"),
        ('{"file_name": "link.png", "text": "1girl"}', "line_leaves_folder"),
        ('{"file_name": "more/../a.png", "text": "1girl"}', "line_again"),
        ('{"file_name": "metadata.jsonl", "text": "1girl"}', "line_again"),
    ],
)
def test_a_wrong_line_of_metadata_is_refused_with_its_number(tmp_path, line, problem):
    root = write_metadata(tmp_path / "data")
    (root / "link.png").symlink_to(write_picture(tmp_path / "outside.png"))
    with (root / "metadata.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    (fault,) = survey(recipe(root, layout="metadata")).faults
    assert fault.path == root / "metadata.jsonl"
    assert (fault.reason.id, dict(fault.reason.values)["line"]) == (f"datasets.{problem}", 5)
    with pytest.raises(DatasetRefused, match=r"metadata\.jsonl: Line 5 "):
        read(recipe(root, layout="metadata"))


def test_the_layout_metadata_needs_its_file(tmp_path):
    with pytest.raises(DatasetRefused, match=r"metadata.jsonl: The file cannot be read \(No such file"):
        read(recipe(tmp_path, layout="metadata"))


def test_the_order_is_that_of_the_paths_as_every_machine_spells_them(tmp_path):
    apart = normalize("NFD", "が2.png")  # as macOS spells it; by its code points it comes before が.png
    write_tree(tmp_path, {f"1_girl/{apart}": None, "1_girl/が.png": None, "1_girl/z.png": None})
    assert [each.path.name for each in read(recipe(tmp_path)).training] == ["z.png", "が.png", apart]


@pytest.mark.parametrize(("write", "layout"), [(write_kohya, "kohya"), (write_folders, "folders")])
def test_a_folder_is_read_the_same_again(tmp_path, write, layout):
    planned = recipe(write(tmp_path), layout=layout, validation=0.3)
    assert read(planned) == read(planned)


def test_a_missing_folder_is_refused_by_name(tmp_path):
    with pytest.raises(DatasetRefused, match=r"There is no folder .*gone"):
        read(recipe(tmp_path / "gone"))


def test_a_folder_that_may_not_be_read_is_refused_by_name(tmp_path, monkeypatch):
    def refuse(folder: Path):
        raise PermissionError(EACCES, "Permission denied", str(folder))  # tests may run as root, who may read all

    write_kohya(tmp_path)
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(DatasetRefused, match=r"The file cannot be read \(Permission denied\)") as refused:
        read(recipe(tmp_path))
    assert str(refused.value).startswith(f"{tmp_path}: ")


def test_a_folder_without_pictures_is_refused(tmp_path):
    write_tree(tmp_path, {"girl/a.png": None})
    with pytest.raises(DatasetRefused, match="no pictures to train on in the layout kohya"):
        read(recipe(tmp_path))


def test_an_empty_sub_folder_is_named_as_ignored(tmp_path):
    (write_kohya(tmp_path) / "5_empty").mkdir()
    assert reasons(read(recipe(tmp_path)))["5_empty"] == "datasets.empty_folder"


def test_regularisation_pictures_are_read_in_the_same_layout(tmp_path):
    extra = write_kohya(tmp_path / "regularization", regularization=True)
    found = read(recipe(write_kohya(tmp_path / "data"), regularization=extra)).regularization
    assert [(each.path.name, each.repeats, each.caption) for each in found] == [
        ("x.png", 1, "girl"),
        ("y.png", 1, "girl"),
        ("z.png", 2, "1boy, smile"),
    ]
    assert all(each.regularization for each in found)


def test_a_regularisation_folder_without_pictures_is_refused(tmp_path):
    (tmp_path / "regularization").mkdir()
    with pytest.raises(DatasetRefused, match="regularization holds no pictures"):
        read(recipe(write_kohya(tmp_path / "data"), regularization=tmp_path / "regularization"))


@pytest.mark.parametrize("inner", [".", "1_boy"])
def test_a_regularisation_folder_in_the_training_folder_is_refused(tmp_path, inner):
    write_kohya(tmp_path)
    with pytest.raises(DatasetRefused, match="lie in each other"):
        read(recipe(tmp_path, regularization=tmp_path / inner))


def test_the_first_fault_is_raised_and_the_others_are_counted(tmp_path):
    write_kohya(tmp_path)
    for name in ("a.png", "b.png"):
        (tmp_path / "3_miko girl" / name).write_bytes(b"GIF8")
    assert faults(survey(recipe(tmp_path))) == dict.fromkeys(
        ("3_miko girl/a.png", "3_miko girl/b.png"), "pictures.not_a_picture"
    )
    with pytest.raises(DatasetRefused, match=r"girl/a.png: This file is not a picture .*\(1 more need mending"):
        read(recipe(tmp_path))
