"""Who is heard next when many sessions share one device, and what becomes of the others."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from server.clock import now
from server.core.events import Language
from server.engines.lanes import Batch, SharedRecognizer
from server.engines.utterance import Heard, Utterance
from server.ports import Busy, EngineError, Superseded, Transcript
from tests.clock import ClockLoop

pytestmark = pytest.mark.unit


class Parrot:
    """Says what it was given, once it is let; ``batches`` is what it was asked."""

    name = "parrot"
    at_once = 1

    def __init__(self, most: int = 4) -> None:
        self.most = most
        self.batches: list[list[str]] = []
        self.contexts: list[str] = []
        self.begun: list[str] = []
        self.go = threading.Semaphore(0)
        self.began = threading.Semaphore(0)
        self.freed = False

    def covers(self, language: Language) -> bool:
        return language == "en"

    def load(self) -> None: ...

    def hear(self, batch: Sequence[Utterance]) -> list[Heard]:
        said = [utterance.pcm.decode() for utterance in batch]
        self.batches.append(said)
        self.contexts += [utterance.context for utterance in batch]
        self.begun += [utterance.begun for utterance in batch]
        self.began.release()
        assert self.go.acquire(timeout=10)
        if "broken" in said:
            raise ValueError("what was said must not be told")
        return [Heard(text, doubtful=text.startswith("perhaps")) for text in said]

    def free(self) -> None:
        self.freed = True

    async def busy(self) -> None:
        """Returns once a batch is in hand."""
        assert await asyncio.to_thread(self.began.acquire, timeout=10)

    def let_all(self) -> None:
        self.go.release(1_000)


@pytest_asyncio.fixture
async def parrot() -> AsyncIterator[Parrot]:
    made = Parrot()
    yield made
    made.let_all()


def ask(
    recognizer: SharedRecognizer, text: str, session: str, *, partial: bool = False
) -> asyncio.Task[Transcript]:
    return asyncio.create_task(
        recognizer.transcribe(text.encode(), "en", session=session, partial=partial)
    )


async def occupied(parrot: Parrot, limit: int = 64) -> SharedRecognizer:
    """A recogniser whose device has one utterance in hand, so that all others wait."""
    recognizer = SharedRecognizer(parrot, limit)
    recognizer.first = ask(recognizer, "first", "z")  # type: ignore[attr-defined]
    await parrot.busy()
    return recognizer


async def test_an_idle_device_begins_at_once_with_what_is_there(
    clock: ClockLoop, parrot: Parrot
) -> None:
    recognizer = SharedRecognizer(parrot)
    parrot.let_all()
    began = now()
    found = await recognizer.transcribe(b"alone", "en", session="a")
    assert now() == began
    assert (found.text, found.engine) == ("alone", "parrot")
    both = [ask(recognizer, "one", "a"), ask(recognizer, "two", "b")]
    assert [found.text for found in await asyncio.gather(*both)] == ["one", "two"]
    assert parrot.batches == [["alone"], ["one", "two"]]
    await recognizer.close()
    assert parrot.freed


async def test_sessions_take_turns_however_much_one_has(parrot: Parrot) -> None:
    recognizer = await occupied(parrot)
    tasks = [ask(recognizer, f"a{at}", "a") for at in range(5)]
    tasks += [ask(recognizer, "b0", "b"), ask(recognizer, "c0", "c")]
    await asyncio.sleep(0)
    parrot.let_all()
    assert [found.text for found in await asyncio.gather(*tasks)][-2:] == ["b0", "c0"]
    assert parrot.batches == [["first"], ["a0", "b0", "c0", "a1"], ["a2", "a3", "a4"]]
    await recognizer.close()


async def test_finals_come_before_partials_and_partials_fill_the_room(parrot: Parrot) -> None:
    recognizer = await occupied(parrot)
    tasks = [ask(recognizer, f"partial {name}", name, partial=True) for name in "abc"]
    tasks += [ask(recognizer, f"final {name}", name) for name in "def"]
    await asyncio.sleep(0)
    parrot.let_all()
    await asyncio.gather(*tasks)
    assert parrot.batches[1:] == [
        ["final d", "final e", "final f", "partial a"],
        ["partial b", "partial c"],
    ]
    await recognizer.close()


async def test_only_the_newest_partial_of_a_session_waits_and_it_keeps_its_place(
    parrot: Parrot,
) -> None:
    recognizer = await occupied(parrot)
    tasks = [ask(recognizer, text, text[0], partial=True) for text in ("a1", "b1", "a2", "a3")]
    found = asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)
    parrot.let_all()
    results = await found
    assert [type(result) for result in results] == [Superseded, Transcript, Superseded, Transcript]
    assert parrot.batches[1] == ["a3", "b1"]
    assert recognizer.stats.superseded == 2
    await recognizer.close()


async def test_a_final_sends_its_sessions_waiting_partial_away(parrot: Parrot) -> None:
    recognizer = await occupied(parrot)
    caption = ask(recognizer, "a partial", "a", partial=True)
    other = ask(recognizer, "b partial", "b", partial=True)
    await asyncio.sleep(0)
    final = ask(recognizer, "a final", "a")
    with pytest.raises(Superseded):
        await caption
    parrot.let_all()
    await asyncio.gather(final, other)
    assert parrot.batches[1] == ["a final", "b partial"]
    await recognizer.close()


async def test_a_partial_that_waited_too_long_is_not_heard(
    clock: ClockLoop, parrot: Parrot
) -> None:
    recognizer = SharedRecognizer(parrot, stale_s=1.5)
    first = ask(recognizer, "first", "z")
    await parrot.busy()
    caption = ask(recognizer, "caption", "a", partial=True)
    final = ask(recognizer, "final", "b")
    await clock.advance(1.6)
    parrot.let_all()
    with pytest.raises(Superseded, match="too long"):
        await caption
    await asyncio.gather(first, final)
    assert recognizer.stats.late == 1
    assert parrot.batches[1:] == [["final"]]
    await recognizer.close()


async def test_too_many_finals_are_refused_and_partials_are_not_counted(parrot: Parrot) -> None:
    recognizer = await occupied(parrot, limit=2)
    tasks = [ask(recognizer, "p", "p", partial=True), ask(recognizer, "one", "a")]
    tasks.append(ask(recognizer, "two", "a"))
    await asyncio.sleep(0)
    assert recognizer.waiting == (2, 1)
    with pytest.raises(Busy, match="2 utterances waiting"):
        await recognizer.transcribe(b"three", "en", session="b")
    parrot.let_all()
    await asyncio.gather(*tasks)
    assert (await recognizer.transcribe(b"three", "en", session="b")).text == "three"
    assert recognizer.stats.refused == 1
    await recognizer.close()


async def test_who_goes_away_leaves_the_row_and_makes_room(parrot: Parrot) -> None:
    recognizer = await occupied(parrot, limit=2)
    gone = [ask(recognizer, "gone", "a"), ask(recognizer, "caption", "b", partial=True)]
    stays = ask(recognizer, "stays", "a")
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    assert recognizer.waiting == (1, 0)
    another = ask(recognizer, "another", "c")
    await asyncio.sleep(0)
    parrot.let_all()
    assert (await stays).text == "stays"
    assert (await another).text == "another"
    assert parrot.batches[1:] == [["stays", "another"]]
    assert recognizer.stats.abandoned == 2
    await recognizer.close()


async def test_what_fails_does_not_take_its_neighbours_with_it(parrot: Parrot) -> None:
    recognizer = await occupied(parrot)
    tasks = [ask(recognizer, text, text) for text in ("one", "two", "broken", "three")]
    await asyncio.sleep(0)
    parrot.let_all()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [getattr(result, "text", "") for result in results] == ["one", "two", "", "three"]
    assert isinstance(results[2], EngineError)
    assert str(results[2]) == "parrot failed: ValueError"
    assert recognizer.stats.failed == 1
    await recognizer.close()


async def test_a_doubtful_text_is_no_context_for_the_next(parrot: Parrot) -> None:
    recognizer = SharedRecognizer(parrot)
    parrot.let_all()
    for text, session in (("perhaps so", "a"), ("yes", "a"), ("no", "a"), ("other", "b")):
        await recognizer.transcribe(text.encode(), "en", f"before {text}", session=session)
    assert parrot.contexts == ["before perhaps so", "", "before no", "before other"]
    await recognizer.close()


async def test_closing_ends_those_who_wait_and_those_in_hand(parrot: Parrot) -> None:
    recognizer = await occupied(parrot)
    tasks = [ask(recognizer, "final", "a"), ask(recognizer, "partial", "b", partial=True)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(recognizer.close())
    results = await asyncio.gather(
        *tasks,
        recognizer.first,  # type: ignore[attr-defined]
        return_exceptions=True,
    )
    assert [str(result) for result in results] == ["parrot is closed"] * 3
    parrot.let_all()
    await closing
    await recognizer.close()
    assert parrot.freed
    assert parrot.batches == [["first"]]
    with pytest.raises(EngineError, match="closed"):
        await recognizer.transcribe(b"late", "en")


async def test_those_without_a_session_do_not_supersede_one_another(parrot: Parrot) -> None:
    recognizer = await occupied(parrot)
    tasks = [ask(recognizer, text, "", partial=True) for text in ("one", "two")]
    await asyncio.sleep(0)
    parrot.let_all()
    assert [found.text for found in await asyncio.gather(*tasks)] == ["one", "two"]
    await recognizer.close()


async def test_what_was_done_is_counted_and_told(parrot: Parrot) -> None:
    recognizer = SharedRecognizer(parrot)
    told: list[Batch] = []

    def wrong(batch: Batch) -> None:
        raise ValueError("a watcher's own mistake")

    recognizer.watchers += [wrong, told.append]
    parrot.let_all()
    await asyncio.gather(ask(recognizer, "one", "a"), ask(recognizer, "two", "b", partial=True))
    assert [(batch.finals, batch.partials, len(batch.waited_ms)) for batch in told] == [(1, 1, 2)]
    stats = recognizer.stats
    assert (stats.finals, stats.partials, stats.batches, stats.largest_batch) == (1, 1, 1, 2)
    await recognizer.close()


# Captions under load, in virtual time.


class Slow(SharedRecognizer):
    """Its device takes ``takes_s`` for a batch."""

    takes_s = 0.4

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        if self._in_hand:
            await asyncio.sleep(self.takes_s)
        return work()


async def talk_on(recognizer: Slow, session: str, seconds: float) -> None:
    """A caption is asked for each second, or when the last one has come."""
    ends = now() + seconds
    while now() < ends:
        began = now()
        with suppress(Superseded):
            await recognizer.transcribe(b"caption", "en", session=session, partial=True)
        await asyncio.sleep(max(0.0, began + 1.0 - now()))


async def test_captions_of_many_leave_the_device_free_for_final_words(
    clock: ClockLoop, parrot: Parrot
) -> None:
    parrot.let_all()
    parrot.most = 1
    recognizer, batches = Slow(parrot), list[Batch]()
    recognizer.watchers.append(batches.append)
    talking = [asyncio.create_task(talk_on(recognizer, str(at), 120.0)) for at in range(4)]
    when = random.Random(7)
    for at in range(60):
        await asyncio.sleep(when.uniform(1.0, 3.0))
        await recognizer.transcribe(b"final", "en", session=f"final {at}")
    await asyncio.gather(*talking)
    finals = [one.waited_ms[0] for one in batches if one.finals]
    captions = [one for one in batches if one.partials]
    assert len(captions) > 60
    assert sum(one.took_ms for one in captions) <= 120_000 / 3
    assert max(finals) <= 400  # one that is in hand already
    assert sum(waited > 0 for waited in finals) <= len(finals) * 0.45
    await recognizer.close()


async def test_no_caption_begins_while_final_words_have_to_wait(
    clock: ClockLoop, parrot: Parrot
) -> None:
    parrot.let_all()
    parrot.most = 1
    recognizer = Slow(parrot)
    finals = [ask(recognizer, f"final {at}", str(at)) for at in range(4)]
    caption = ask(recognizer, "caption", "z", partial=True)
    await asyncio.gather(*finals)
    with pytest.raises(Superseded, match="too long"):
        await caption
    began = now()
    await asyncio.sleep(3.0)
    assert (await recognizer.transcribe(b"caption", "en", partial=True)).text == "caption"
    assert now() - began == pytest.approx(3.4)
    assert [said for (said,) in parrot.batches[:4]] == [f"final {at}" for at in range(4)]
    await recognizer.close()


async def test_a_final_does_not_wait_for_captions_to_be_allowed(
    clock: ClockLoop, parrot: Parrot
) -> None:
    parrot.let_all()
    recognizer = Slow(parrot)
    await recognizer.transcribe(b"before", "en", session="b")
    await recognizer.transcribe(b"first", "en", session="a", partial=True)
    waiting = ask(recognizer, "second", "a", partial=True)
    await asyncio.sleep(0.1)
    began = now()
    assert (await recognizer.transcribe(b"final", "en", session="b")).text == "final"
    assert now() - began == pytest.approx(0.4)
    await waiting  # it filled the room beside the final
    assert parrot.batches[2] == ["final", "second"]
    await recognizer.close()


async def test_one_who_is_alone_has_a_caption_as_soon_as_the_last_has_come(
    clock: ClockLoop, parrot: Parrot
) -> None:
    parrot.let_all()
    recognizer = Slow(parrot)
    began = now()
    for at in range(5):
        about = {"session": "a", "begun": f"{at} words"}
        await recognizer.transcribe(b"caption", "en", partial=True, **about)
    assert now() - began == pytest.approx(5 * 0.4)
    assert parrot.begun == [f"{at} words" for at in range(5)]
    await recognizer.transcribe(b"caption", "en", session="b", partial=True)
    began = now()
    await recognizer.transcribe(b"caption", "en", session="a", partial=True)
    assert now() - began == pytest.approx(3 * 0.4)  # another speaks too
    await asyncio.sleep(6.0)
    await recognizer.transcribe(b"caption", "en", session="a", partial=True)
    began = now()
    await recognizer.transcribe(b"caption", "en", session="a", partial=True)
    assert now() - began == pytest.approx(0.4)  # and has not for some time
    await recognizer.close()


# Calls beside each other.


async def test_calls_run_beside_each_other_and_captions_leave_a_place_for_a_final(
    parrot: Parrot,
) -> None:
    parrot.at_once, parrot.most = 2, 1
    recognizer = SharedRecognizer(parrot)
    caption = ask(recognizer, "caption a", "a", partial=True)
    await parrot.busy()
    other = ask(recognizer, "caption b", "b", partial=True)
    final = ask(recognizer, "final c", "c")
    await parrot.busy()
    assert parrot.batches == [["caption a"], ["final c"]]
    assert recognizer.waiting == (0, 1)
    parrot.let_all()
    found = await asyncio.gather(caption, final, other)
    assert [one.text for one in found] == ["caption a", "final c", "caption b"]
    assert recognizer.busy_s == 0.0
    await recognizer.close()


async def test_it_is_loaded_once_whoever_asks_first(parrot: Parrot) -> None:
    class Loading(Parrot):
        loads = 0
        loaded = False

        def load(self) -> None:
            if not self.loaded:
                self.loads += 1
                time.sleep(0.05)
                self.loaded = True

    model = Loading()
    model.at_once, model.most = 4, 1
    model.let_all()
    recognizer = SharedRecognizer(model)
    await asyncio.gather(recognizer.load(), *(ask(recognizer, f"{at}", f"{at}") for at in range(6)))
    assert model.loads == 1
    assert sorted(model.batches) == [[f"{at}"] for at in range(6)]
    await recognizer.close()
