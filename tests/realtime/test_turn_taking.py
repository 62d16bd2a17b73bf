"""Interruptions, captions and times of a turn, over the real socket with real speech."""

from __future__ import annotations

import numpy as np

from tests.live import ON_ONE_SERVER, Browser, Viva, browser, until, watcher
from tests.resumes import ENGLISH_RESUME
from tests.speech import recording, silence, spoken

pytestmark = ON_ONE_SERVER

LOUD = 300
"""PCM16 amplitude above the recordings' room tone."""


def from_first_word(pcm: bytes) -> bytes:
    """Without what is before it: room tone, and a smack of the lips, which is short."""
    peaks = np.abs(np.frombuffer(pcm, "<i2")[: len(pcm) // 1_024 * 512].reshape(-1, 512)).max(
        axis=1
    )
    first = next(i for i in range(len(peaks)) if (peaks[i : i + 5] > LOUD).all())
    return pcm[first * 1_024 :]


async def while_it_is_spoken(candidate: Browser) -> None:
    """The first question is on its way to the candidate's ear, and no echo has come back."""
    await candidate.event("viva.voice_done", turn=1)
    await candidate.send(type="viva.played", turn=1, played_ms=500, complete=False)
    await candidate.say(silence(1.8))


async def test_talking_over_the_question_silences_it_within_150_ms(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await while_it_is_spoken(candidate)
        talk = from_first_word(recording("two_cities.wav", 4.0))
        spoken_ms = 0
        # The candidate's own clock: what was spoken until the voice was silent, 20 ms at a time.
        while not any(event["type"] == "viva.hold" for event in candidate.events):
            await candidate.say(talk[spoken_ms * 32 : (spoken_ms + 20) * 32], speed=2)
            spoken_ms += 20
        assert spoken_ms <= 150 + 20
        await candidate.say(talk[spoken_ms * 32 :])
        await candidate.event("viva.hush", turn=1)
        await candidate.say(silence(5.0), speed=3)
        answer = await candidate.event("conversation.item.input_audio_transcription.completed")
        assert "best of times" in answer["transcript"].lower()
    shown = await viva.show(ticket["interview_id"])
    assert "best of times" in shown["answers"][0]["text"].lower()


async def test_an_uh_huh_does_not_stop_the_question(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate, watcher(viva, ticket["interview_id"]) as interviewer:
        await while_it_is_spoken(candidate)
        await candidate.say(from_first_word(await spoken("yeah", "en"))[: 2 * 16 * 350])
        await candidate.say(silence(1.0))
        await candidate.event("viva.hold", turn=1)
        await candidate.event("viva.release", turn=1)
        await candidate.hear_question(1)
        heard = await interviewer.event("fact", kind="question_heard")
        assert heard["data"]["complete"] is True
        assert not [event for event in candidate.events if event["type"] == "viva.hush"]


async def test_captions_come_while_the_candidate_speaks_and_the_final_one_counts(
    viva: Viva,
) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
        await candidate.say(recording("two_cities.wav", 9.0))
        shown = [event for event in candidate.events if event["type"] == "viva.partial"]
        # How many depends on what else the machine has to do: final words go before captions.
        assert shown, "captions come before the answer is over"
        await candidate.say(silence(5.0), speed=3)
        await candidate.event("viva.question", turn=2)
    first = shown[0]["segment"]
    text = "".join(event["text"] for event in shown if event["segment"] == first)
    final = next(
        event["text"]
        for event in candidate.events
        if event["type"] == "viva.caption" and event["segment"] == first
    )
    assert set(text.lower().split()) & set(final.lower().split())


async def test_where_the_time_of_a_turn_went_is_stored(viva: Viva) -> None:
    ticket = await viva.interview(ENGLISH_RESUME)
    async with browser(ticket) as candidate:
        await candidate.hear_question(1)
        await candidate.say(recording("two_cities.wav", 6.0) + silence(5.0))
        await candidate.event("viva.voice_done", turn=2)

        async def timed() -> dict[str, int] | None:
            (answer,) = (await viva.show(ticket["interview_id"]))["answers"]
            timings: dict[str, int] = answer["timings"]
            return timings if "first_audio_ms" in timings else None

        timings = await until(timed)
    assert 0 < timings["segment_final_ms"] <= timings["decision_ms"]
    assert timings["decision_ms"] <= timings["question_ms"] <= timings["first_audio_ms"]
    assert timings["first_audio_ms"] - timings["decision_ms"] < 1_000
