"""What a voice is measured by."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bench.eval_voice import EDGE, Told, said, sentences
from server.core.events import Language
from server.language.pack import shipped
from server.ports import CANDIDATE_RATE, VOICE_RATE


class Second:
    """A voice of one second, whatever it is to say."""

    name = "second"

    async def speak(self, text: str, language: Language, rate: float = 1.0) -> AsyncIterator[bytes]:
        for _ in range(4):
            yield bytes(VOICE_RATE // 4 * 2)

    async def close(self) -> None: ...


def test_the_sentences_are_whole_questions_always_the_same() -> None:
    for pack in shipped().by_language.values():
        chosen = sentences(pack, 40)
        assert len(chosen) == len(set(chosen)) > 20
        assert not [one for one in chosen if "{" in one]
        assert sentences(pack, 3) == chosen[:3]


async def test_a_voice_is_heard_at_the_rate_of_a_microphone_with_silence_around_it() -> None:
    samples = await said(Second(), "Why?", "en", 1.0)
    assert abs(len(samples) - CANDIDATE_RATE - 2 * len(EDGE)) <= 2


def test_a_row_counts_the_errors_of_all_sentences() -> None:
    told = Told([(1, 10), (3, 30)], voice_s=10.0, made_s=1.0)
    assert told.row("v", 0.8, "en").startswith("| v | 0.8 | en | 2 | 4 | 40 | 0.100 |")
    assert told.row("v", 0.8, "en").endswith("| 10 | 0.100 |")
