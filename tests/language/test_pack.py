"""A language is a folder: what is wrong with one is said with its file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from server.language import pack
from server.language.speech import GENERAL


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the English pack, to be broken."""
    shutil.copytree(pack.PACKS / "en", tmp_path / "en")
    return tmp_path / "en"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(pack.PackError) as raised:
        pack.read(folder)
    return "\n".join(raised.value.problems)


def test_a_missing_sentence_is_named_with_its_file_and_key(folder: Path) -> None:
    change(folder / "speech.toml", 'encourage = "Please take', 'encourages = "Please take')
    assert "speech.toml: aside.encourage: is missing" in problems(folder)


def test_a_misspelt_optional_key_is_not_lost(folder: Path) -> None:
    change(folder / "families/nursing.toml", "titles = [", "tittles = [")
    said = problems(folder)
    assert "families/nursing.toml: tittles: is not known; did you mean titles?" in said


def test_three_levels_are_too_few(folder: Path) -> None:
    change(folder / "families/nursing.toml", '  "Lists duties",\n', "")
    said = problems(folder)
    assert "families/nursing.toml: competency.knowledge.levels: expected `array`" in said
    assert "length 4, got 3" in said


def test_a_question_without_simpler_words_is_named_by_its_place(folder: Path) -> None:
    path = folder / "families/general.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    del lines[next(at for at, line in enumerate(lines) if line.startswith("simpler"))]
    path.write_text("".join(lines), encoding="utf-8")
    assert "families/general.toml: question[0].simpler: is missing" in problems(folder)


@pytest.mark.parametrize(
    ("probe", "fault"),
    [
        ("", "is empty"),
        ("What was {project} like?", "{project} is filled by nothing: it has no slot here"),
        ("You said “it broke”. What broke?", "is spoken, so it has no “ in it"),
        ("What broke? And when?", "asks more than one question"),
        ("It broke. It did. What broke?", "is longer than 2 sentences"),
        ("What " + "very " * 60 + "big thing broke?", "is longer than 220 characters"),
    ],
)
def test_what_cannot_be_asked_aloud_is_refused(folder: Path, probe: str, fault: str) -> None:
    change(folder / "probes.toml", '"What had happened before that?"', f'"{probe}"')
    assert f"probes.toml: story.situation.plain[2]: {fault}" in problems(folder)


def test_a_particle_that_the_language_does_not_have_is_refused(folder: Path) -> None:
    change(folder / "speech.toml", "the {role} role", "the {role}[을] role")
    assert "[을] after {role} is no particle; this language has none" in problems(folder)


def test_an_unknown_stage_a_broken_file_and_a_stranger_are_all_told_at_once(folder: Path) -> None:
    change(folder / "families/general.toml", 'stage = "knowledge"', 'stage = "knowlege"')
    change(folder / "topics.toml", "[health]", "[health")
    change(folder / "facts.toml", "[kept]", "[keeping]")
    (folder / "speach.toml").write_text("", encoding="utf-8")
    (folder / "pack.toml").unlink()
    said = problems(folder)
    assert "families/general.toml: question[0].stage: invalid enum value 'knowlege'" in said
    assert "topics.toml: cannot be read: " in said
    assert "facts.toml: the file: invalid enum value 'keeping'" in said
    assert "speach.toml: is no file of a pack" in said
    assert "pack.toml: is missing" in said


def test_a_left_out_fact_is_missed(folder: Path) -> None:
    text = (folder / "facts.toml").read_text(encoding="utf-8")
    cut = text.index("[outcome]")
    (folder / "facts.toml").write_text(text[:cut], encoding="utf-8")
    assert problems(folder).endswith("facts.toml: outcome: is missing")


def test_without_the_general_family_nobody_else_could_be_asked(folder: Path) -> None:
    (folder / "families/general.toml").unlink()
    assert f"families/{GENERAL}.toml: is missing" in problems(folder)


def test_every_broken_pack_is_told(folder: Path) -> None:
    shutil.copytree(folder, folder.parent / "fr")
    (folder / "topics.toml").unlink()
    (folder.parent / "fr/probes.toml").unlink()
    with pytest.raises(pack.PackError) as raised:
        pack.read_all(folder.parent)
    assert [line.split("/")[-2] for line in raised.value.problems] == ["en", "fr"]


def test_a_folder_without_packs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(pack.PackError, match="holds no pack"):
        pack.read_all(tmp_path)


def test_a_title_stands_in_one_family_only(folder: Path) -> None:
    change(folder / "families/nursing.toml", "titles = [", 'under = "nobody"\ntitles = ["Chef", ')
    said = problems(folder)
    assert "families/nursing.toml: under: there is no family nobody" in said
    assert "nursing.toml: Chef stands in cooking.toml as well" in said
