"""The most common job titles find a family of their own; few are asked what anybody is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from server.language.pack import shipped
from server.language.speech import GENERAL

TITLES = tomllib.loads(Path(__file__).with_name("titles.toml").read_text("utf-8"))
MOST_GENERAL = 5


def titles(language: str) -> list[str]:
    return [title.strip() for title in TITLES[language].split(",") if title.strip()]


@pytest.mark.parametrize("language", list(shipped().by_language))
def test_the_most_common_titles_have_a_family(language: str) -> None:
    every = titles(language)
    assert len(every) == len(set(every)) == 100
    general = [title for title in every if shipped().family(title) == GENERAL]
    assert len(general) <= MOST_GENERAL, general
