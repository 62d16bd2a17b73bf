"""Tact and the whole guard, measured on sentences that nothing was fitted on.

The floors stand a little below what is measured; a failure prints the counts.
"""

from collections.abc import AsyncIterator
from functools import cache

import numpy as np
import pytest

from bench.eval_tact import FOLLOWUPS, PRIVATE, Counts, ReadBefore, figures, lines, table
from bench.said import digest, packs
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.faults import FAULTS
from server.guard import refused as why_not
from server.language.pack import shipped
from server.language.tact import WEIGHTS, Tact


@cache
def counts() -> Counts:
    return figures([*lines(PRIVATE), *lines(FOLLOWUPS)])


@pytest.fixture
async def understanding() -> AsyncIterator[OfflineUnderstanding]:
    encoder = Encoder()
    yield OfflineUnderstanding(encoder)
    await encoder.close()


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("blatant", 0.98, 1.0),
        ("sly", 0.8, 1.0),
        ("work", 0.0, 0.05),
        ("good", 0.0, 0.05),
        ("bad", 0.6, 1.0),
        ("bad, quoting", 0.9, 1.0),
    ],
)
def test_the_samples_are_judged_rightly(
    language: str, kind: str, least: float, most: float
) -> None:
    many, of_many = counts()[language, kind]
    assert least <= many / of_many <= most, table(counts())


async def test_whose_matter_it_is_decides(understanding: OfflineUnderstanding) -> None:
    work = await understanding.judge("How do you calm parents after an accident?", "Teacher", "")
    own = await understanding.judge("Do your parents live with you?", "Teacher", "")
    assert work is None
    assert own is not None
    assert own.fault == "private"
    assert 0.45 <= own.confidence <= 1


async def test_where_there_is_no_second_encoder_the_first_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.engines.e5.found", lambda: None)
    alone = OfflineUnderstanding(Encoder())
    judged = {
        kind: [bool(alone.weigh(line["text"], line["role"], "")) for _, line in rows]
        for kind in ("blatant", "work")
        if (rows := [row for row in lines(PRIVATE) if row[0] == kind])
    }
    assert sum(judged["blatant"]) >= 0.95 * len(judged["blatant"])
    assert sum(judged["work"]) <= 0.05 * len(judged["work"])


def test_whatever_a_pack_says_may_be_said() -> None:
    refused, said = [], packs()
    understanding = ReadBefore(Encoder(), [row.text for row in said])
    for row in said:
        line = {"language": row.language, "role": "", "text": row.text}
        rule = why_not(line, understanding)
        if rule:
            refused.append((rule, row.text))
    assert refused == []


@pytest.mark.parametrize("language", sorted(shipped().by_language))
async def test_what_a_pack_says_may_be_said_with_its_slots_filled(
    understanding: OfflineUnderstanding, language: str
) -> None:
    pack = shipped().of(language)
    told = pack.told(
        role="Welder",
        minutes="30",
        minutes_left="12",
        topics="7",
        topics_left="3",
        days="30",
    )
    said = [*told.values(), pack.farewell("Dale Morrow", at_wish=False)]
    found = [await understanding.judge(text, "Welder", "") for text in said]
    assert [text for text, fault in zip(said, found, strict=True) if fault] == []
    assert not any("{" in text for text in said)


def test_the_weights_are_small_and_say_what_they_were_fitted_on() -> None:
    assert WEIGHTS.stat().st_size < 4_500_000
    with np.load(WEIGHTS) as stored:
        assert len(str(stored["data"])) == len(digest())
    assert Tact.load().bias.shape == (len(FAULTS),)
