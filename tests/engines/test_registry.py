"""An engine is an adapter and a row: everything else follows. Shown with one that nobody has."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from server import doctor, tables
from server.core.events import Language
from server.engines import registry
from server.engines.choice import RecognizerChoice, choose
from server.engines.lanes import SharedRecognizer
from server.engines.registry import Offer, Row
from server.engines.utterance import Heard, Utterance
from server.engines.variables import SpeechToText
from server.environment import Number
from server.ports import EngineError
from server.settings import Settings, SettingsError
from tests.live import kept_recogniser, running

# What a contributor writes, first file: the adapter.


class ParrotSpeech:
    """Repeats one word for each second that it heard."""

    name = "parrot grey"
    most = 8
    at_once = 1

    def __init__(self, word: str) -> None:
        self._word = word

    def covers(self, language: Language) -> bool:
        return language in {"ko", "en"}

    def load(self) -> None:
        if self._word == "dead":
            raise EngineError("the parrot is dead: buy another one")

    def hear(self, batch: Sequence[Utterance]) -> list[Heard]:
        return [Heard(" ".join([self._word] * (len(one.pcm) // 32_000))) for one in batch]

    def free(self) -> None: ...


# Second file: its variables and its row.


class Parrot(SpeechToText):
    parrot_word: str = Field(default="squawk", description="what it says")
    parrot_age: Annotated[int, Field(ge=0, le=80), Number] = Field(default=3, description="years")


def parrot_found(settings: Parrot) -> Offer:
    return Offer(settings.parrot_age < 60, f"a parrot of {settings.parrot_age} years")


PARROT = Row(
    role="stt",
    name="parrot",
    what="a grey parrot",
    settings=Parrot,
    offer=parrot_found,
    build=lambda settings: SharedRecognizer(ParrotSpeech(settings.parrot_word), settings.stt_queue),
)


class WithParrot(Settings, Parrot):
    """What ``EngineSettings`` is with one more base."""


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "ROWS", (PARROT, *registry.ROWS))
    monkeypatch.setattr("server.engines.choice.RETIRE_SECONDS", 0.0)


def test_it_can_be_asked_for_by_name_and_has_variables_of_its_own() -> None:
    settings = WithParrot.from_env({"VIVA_STT": "parrot", "VIVA_PARROT_WORD": "hello"})
    assert (settings.stt, settings.parrot_word) == ("parrot", "hello")
    with pytest.raises(
        SettingsError, match="VIVA_STT is 'dog'; it may be auto, parrot, transcription"
    ):
        WithParrot.from_env({"VIVA_STT": "dog"})
    with pytest.raises(SettingsError, match="VIVA_PARROT_AGE is '200'; it may be a number from 0"):
        WithParrot.from_env({"VIVA_PARROT_AGE": "200"})


@pytest.mark.parametrize("wanted", ["auto", "parrot"])
async def test_it_is_chosen_and_hears(wanted: str) -> None:
    made = RecognizerChoice(WithParrot(data=kept_recogniser(), stt=wanted, parrot_word="hello"))
    assert made.current.name == "whisper base"  # serves from the first moment
    await made.settle()
    assert made.in_use().name == "parrot grey"
    assert made.in_use().languages == ("en", "ko")
    assert (await made.current.transcribe(bytes(64_000), "ko")).text == "hello hello"
    await made.close()


async def test_one_that_cannot_be_loaded_is_told_and_the_next_one_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    made = RecognizerChoice(
        WithParrot(data=kept_recogniser(), parrot_word="dead", stt_model="no-such-model")
    )
    await made.settle()
    assert made.why.startswith("the parrot is dead: buy another one; whisper no-such-model is not")
    assert made.why.endswith("whisper base int8 cpu serves")
    assert made.settled
    await made.close()


@pytest.mark.parametrize(("age", "mark"), [(3, "ok"), (70, "note")])
def test_the_doctor_reports_it(age: int, mark: str, capsys: pytest.CaptureFixture[str]) -> None:
    doctor.examine(WithParrot(parrot_age=age))
    found = {line.split()[1]: line for line in capsys.readouterr().out.splitlines()}
    assert found["parrot"].split()[0] == mark
    assert f"a parrot of {age} years" in found["parrot"]


def test_it_stands_in_the_table_of_the_documentation() -> None:
    (row,) = [line for line in tables.engines().splitlines() if "parrot" in line]
    assert row.startswith("| stt | parrot | a grey parrot | any |")
    assert "`VIVA_PARROT_WORD`" in row


async def test_readiness_and_the_list_of_engines_show_it(database_url: str, redis_url: str) -> None:
    async with running(database_url, redis_url, kind=WithParrot, stt="parrot") as viva:
        async with asyncio.timeout(20):
            while not (used := await in_use(viva.http, "stt"))["settled"]:
                await asyncio.sleep(0.05)
        assert used["name"] == "parrot grey"
        parts = (await viva.http.get("/health/ready")).json()["parts"]
        assert {part["name"]: part["detail"] for part in parts}["stt"].startswith("parrot grey")


async def in_use(http: Any, role: str) -> dict[str, Any]:
    found: dict[str, Any] = {one["role"]: one for one in (await http.get("/engines")).json()}[role]
    return found


# A role that is not known yet.


class Guess:
    name = "guess"


def test_a_role_is_a_word_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    better = Row(
        role="understanding",
        name="model",
        what="a model",
        settings=BaseModel,
        offer=lambda _: Offer(False, "no model is here"),
        build=lambda _: None,
    )
    last = Row(
        role="understanding",
        name="guess",
        what="a guess",
        settings=BaseModel,
        offer=lambda _: Offer(True, "always there"),
        build=lambda _: Guess(),
    )
    monkeypatch.setattr(registry, "ROWS", (*registry.ROWS, better, last))
    used = choose("understanding", Settings()).in_use()
    assert (used.role, used.name, used.why) == ("understanding", "guess", "no model is here")
    assert "| understanding | guess | a guess |" in tables.engines()


# What holds of every row.


@pytest.mark.parametrize("row", registry.ROWS, ids=lambda row: row.name)
def test_every_row_is_set_by_variables_that_are_settings(row: Row[Any]) -> None:
    assert issubclass(Settings, row.settings)
    assert set(row.settings.model_fields) <= set(Settings.model_fields)


def test_names_are_unique_in_a_role_and_some_recogniser_serves_at_once() -> None:
    for role in registry.roles():
        names = [row.name for row in registry.rows(role)]
        assert len(names) == len(set(names))
    assert any(row.at_once for row in registry.rows("stt"))


def test_no_library_is_loaded_to_read_the_table() -> None:
    code = "import sys, server.settings; print([m for m in HEAVY if m in sys.modules])"
    heavy = ("numpy", "openai", "onnxruntime", "faster_whisper", "ctranslate2")
    run = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {heavy}; {code}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert run.stdout.strip() == "[]"
