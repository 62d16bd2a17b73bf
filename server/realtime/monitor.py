"""Facts to watchers: Redis wakes them up, the store is what they read. Words that are no facts yet,
and sound, are passed on beside it and may be lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.clock import now
from server.store import facts as store
from server.store.watching import Company

CHANNEL = "viva:facts"
LIVE = "viva:live"
VOICE = "viva:voice"
LOOK_AGAIN_S = 1.0
"""A watcher looks this often even when no wake-up comes, so that Redis may fail."""

TOGETHER_S = 0.03
"""Interviews of which there is news within this are named together."""

ANSWER_S = 2.0
AWAY = (RedisError, OSError, TimeoutError)
MOST_WAITING = 64
"""So much of what is passed on waits for a watcher who does not read; the oldest is lost to them,
and to nobody else."""

MOST_SAID = 3_000
"""Frames of a voice, a minute: what was said while a line was away comes at once."""

log = structlog.get_logger()


class Follower:
    """One who watches: what was passed on to them and is not read yet."""

    def __init__(self, *, listening: bool = False) -> None:
        self.listening = listening
        """They hear the sound."""
        self.passed: deque[str | bytes] = deque(maxlen=MOST_WAITING)
        self.woken = asyncio.Event()

    def take(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and not self.listening:
            return
        self.passed.append(frame)
        self.woken.set()


@dataclass(slots=True)
class _Tail:
    """What was read last of an interview, once for all who follow it here. ``news`` counts the
    wake-ups, ``read`` those after which it was read. ``end``: up to which fact it goes."""

    facts: deque[store.StoredFact] = field(default_factory=lambda: deque(maxlen=store.PAGE))
    end: int | None = None
    news: int = 0
    read: int = -1
    looked_at: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Monitor:
    """Wake-ups between processes. ``run`` is one task of the server."""

    def __init__(self, pool: asyncpg.Pool, redis: Redis) -> None:
        self._pool = pool
        self._redis = redis
        self._followers: defaultdict[str, set[Follower]] = defaultdict(set)
        self._tails: defaultdict[str, _Tail] = defaultdict(_Tail)
        self._elsewhere: Mapping[UUID, Company] = {}
        self._unsent: set[str] = set()
        self._passed: deque[bytes] = deque(maxlen=MOST_WAITING)
        self._voice: deque[bytes] = deque(maxlen=MOST_SAID)
        self.on_voice: Callable[[UUID, bytes], bool] = lambda _, __: False
        """Takes the voice of whoever leads an interview; whether that is driven here."""
        self._news = asyncio.Event()

    # Of whoever drives an interview.

    def announce(self, interview_id: UUID) -> None:
        """New facts are stored. Never waits and never fails: an answer is not behind a watcher."""
        key = str(interview_id)
        self._wake(key)
        self._unsent.add(key)
        self._news.set()

    def stored(self, interview_id: UUID) -> None:
        """The same, of an interview that is driven here, many times a minute: other processes are
        woken where somebody follows it there, as far as is known. Who came just now looks anyway.
        """
        if interview_id in self._elsewhere:
            self.announce(interview_id)
        else:
            self._wake(str(interview_id))

    def pass_on(self, interview_id: UUID, frame: str | bytes) -> None:
        """To all who follow it, text; or sound, to those who hear it. Never waits."""
        for follower in self._followers.get(str(interview_id), ()):
            follower.take(frame)
        there = self._elsewhere.get(interview_id, Company())
        if there.listening if isinstance(frame, bytes) else there.people:
            text = isinstance(frame, str)
            body = frame.encode() if isinstance(frame, str) else frame
            self._passed.append(interview_id.bytes + bytes([text]) + body)
            self._news.set()

    @property
    def followed(self) -> bool:
        """Whether anybody follows anything, as far as is known here."""
        return bool(self._followers or self._elsewhere)

    def speak(self, interview_id: UUID, frame: bytes) -> None:
        """The voice of whoever leads it, to whichever process drives it. Never waits."""
        if not self.on_voice(interview_id, frame):
            self._voice.append(interview_id.bytes + frame)
            self._news.set()

    def company(self, interview_id: UUID) -> Company:
        """All who follow it, here and as far as is known elsewhere."""
        here, there = self._here(interview_id), self._elsewhere.get(interview_id, Company())
        return Company(here.people + there.people, here.listening + there.listening)

    def following(self) -> dict[UUID, Company]:
        """Who follows what in this process."""
        return {UUID(key): self._here(UUID(key)) for key in self._followers}

    def know(self, elsewhere: Mapping[UUID, Company]) -> None:
        """Who follows in other processes what is driven in this one."""
        self._elsewhere = elsewhere

    def _here(self, interview_id: UUID) -> Company:
        followers = self._followers.get(str(interview_id), ())
        return Company(len(followers), sum(one.listening for one in followers))

    # Of those who follow it.

    async def watch(self, interview_id: UUID, after: int) -> AsyncGenerator[store.StoredFact, None]:
        """Every fact with a higher number than ``after``, each once, in order, without end."""
        async with aclosing(self.follow(interview_id, after, Follower())) as following:
            async for one in following:
                if isinstance(one, list):
                    for stored in one:
                        yield stored

    async def follow(
        self, interview_id: UUID, after: int, follower: Follower
    ) -> AsyncGenerator[list[store.StoredFact] | str | bytes, None]:
        """The same, as many together as there are, and between them whatever is passed on."""
        key = str(interview_id)
        self._followers[key].add(follower)
        try:
            while True:
                follower.woken.clear()
                page = await self._page(key, interview_id, after)
                if page:
                    yield page
                    after = page[-1].seq
                while follower.passed:
                    yield follower.passed.popleft()
                if len(page) < store.PAGE:
                    await _wait(follower.woken, LOOK_AGAIN_S)
        finally:
            self._followers[key].discard(follower)
            if not self._followers[key]:
                del self._followers[key]
                self._tails.pop(key, None)

    async def _page(self, key: str, interview_id: UUID, after: int) -> list[store.StoredFact]:
        """However many follow an interview, what is new of it is read once."""
        tail = self._tails[key]
        async with tail.lock:
            if tail.end is None or after < tail.end - len(tail.facts):
                page = await store.after(self._pool, interview_id, after)
                if tail.end is None and len(page) < store.PAGE:
                    tail.facts.extend(page)
                    tail.end = page[-1].seq if page else after
                return page
            if tail.read != tail.news or now() - tail.looked_at >= LOOK_AGAIN_S / 2:
                tail.read, tail.looked_at = tail.news, now()
                page = await store.after(self._pool, interview_id, tail.end)
                tail.facts.extend(page)
                tail.end = page[-1].seq if page else tail.end
        return [one for one in tail.facts if one.seq > after]

    # Between processes.

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._send())

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL, LIVE, VOICE)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            self._came(message["channel"].decode(), message["data"])
            except AWAY as error:
                log.warning("wake-ups interrupted", error=type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN_S)

    def _came(self, channel: str, data: bytes) -> None:
        if channel == CHANNEL:
            for key in data.decode().split():
                self._wake(key)
            return
        if channel == VOICE:
            self.on_voice(UUID(bytes=data[:16]), data[16:])
            return
        interview_id, text, body = UUID(bytes=data[:16]), data[16], data[17:]
        if interview_id in self._elsewhere:
            return  # our own
        for follower in self._followers.get(str(interview_id), ()):
            follower.take(body.decode() if text else body)

    async def _send(self) -> None:
        """To the other processes. What cannot be sent is not sent later: they look anyway."""
        while True:
            await self._news.wait()
            if not self._passed:
                await asyncio.sleep(TOGETHER_S)
            self._news.clear()
            keys, self._unsent = self._unsent, set()
            passed, self._passed = self._passed, deque(maxlen=MOST_WAITING)
            voice, self._voice = self._voice, deque(maxlen=MOST_SAID)
            try:
                async with asyncio.timeout(ANSWER_S):
                    if keys:
                        await self._redis.publish(CHANNEL, " ".join(keys))
                    for frame in passed:
                        await self._redis.publish(LIVE, frame)
                    for frame in voice:
                        await self._redis.publish(VOICE, frame)
            except AWAY as error:
                log.warning("watchers not woken", error=type(error).__name__)

    def _wake(self, key: str) -> None:
        if key in self._tails:
            self._tails[key].news += 1
        for follower in self._followers.get(key, ()):
            follower.woken.set()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
