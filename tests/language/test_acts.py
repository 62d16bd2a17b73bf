"""Understanding, measured on sentences the models were never fitted on.

Two sets: the groups that training leaves out, and the sample beside this file. The floors stand a
little below what is measured; a failure prints the counts.
"""

from collections.abc import AsyncIterator, Sequence
from functools import cache

import numpy as np
import pytest

from bench.eval_understanding import read, sample
from bench.understanding_figures import Read, figures, macro_f1, table
from bench.utterances import digest, held_out, rows
from server.core.understanding import ACTS, SENSITIVE
from server.engines import e5
from server.engines.encoder import Encoder
from server.engines.understanding import OfflineUnderstanding
from server.language.acts import MOST_PARTS, WEIGHTS, Model, cheapest
from server.language.vectors import Floats
from server.ports import EngineError

pytestmark = pytest.mark.engine

MOST = {"answers taken for a wish", "answers taken for anything else"} | {
    "delicate taken for an answer",
    "disclosures where none is",
    "self-harm where none is",
}
"""These are to be low, all others high."""


@cache
def judged(name: str) -> tuple[Read, ...]:
    some = sample() if name == "sample" else [row for row in rows() if held_out(row)]
    return tuple(read(some)[0])


def of(name: str, language: str) -> list[Read]:
    return [one for one in judged(name) if one.row.language == language]


def hold(name: str, language: str, f1: float, floors: dict[str, float]) -> None:
    reads = of(name, language)
    counted = figures(reads)
    assert macro_f1(reads) >= f1, table(reads)
    for what, floor in floors.items():
        many, of_many = counted[what]
        rate = many / of_many
        assert rate <= floor if what in MOST else rate >= floor, f"{what}\n{table(reads)}"


@pytest.fixture
async def encoder() -> AsyncIterator[Encoder]:
    encoder = Encoder()
    yield encoder
    await encoder.close()


async def test_an_utterance_is_read_in_its_executor(encoder: Encoder) -> None:
    understanding = OfflineUnderstanding(encoder)
    understood = await understanding.understand(
        "How do you hand over a shift?", "Sorry, could you say the question again?", "en"
    )
    assert understood.act == "wish_repeat"
    assert not understood.work
    understood = await understanding.understand(
        "인수인계는 어떻게 하시나요?", "죄송한데 질문을 다시 한번 말씀해 주시겠어요?", "ko"
    )
    assert understood.act == "wish_repeat"
    assert 0 < understood.confidence <= 1


async def test_nothing_and_nonsense_are_garbled_and_a_long_answer_is_read_in_few_parts(
    encoder: Encoder,
) -> None:
    understanding = OfflineUnderstanding(encoder)
    assert (await understanding.understand("", "  ", "en")).act == "garbled"
    long = "I moved the stock in one night, we counted it twice. " * 200
    understood = await understanding.understand("Tell me about it.", long, "en")
    assert understood.act == "answer"
    assert len(understood.clauses) == MOST_PARTS
    assert all(part.act in ACTS for part in understood.clauses)
    assert understood.sensitive in SENSITIVE


def test_a_sample_is_encoded_once_in_the_life_of_the_process(encoder: Encoder) -> None:
    known = encoder.vector("What does it pay?")
    assert (known == encoder.encode(["What does it pay?"])[0]).all()
    assert Encoder().vector("What does it pay?") is known


async def test_a_closed_encoder_says_so(encoder: Encoder) -> None:
    await encoder.close()
    with pytest.raises(EngineError, match="closed"):
        await OfflineUnderstanding(encoder).understand("", "yes", "en")


def chances(**of: float) -> Floats:
    return np.array([of.get(act, 0) for act in ACTS], np.float32)


def test_where_acts_are_about_as_likely_the_cheaper_error_is_made() -> None:
    assert ACTS[cheapest(chances(answer=0.4, wish_end=0.6))] == "answer"
    assert ACTS[cheapest(chances(answer=0.2, wish_end=0.8))] == "wish_end"
    assert ACTS[cheapest(chances(answer=0.45, clarify=0.55))] == "answer"
    assert ACTS[cheapest(chances(answer=0.45, distress=0.55))] == "distress"
    assert ACTS[cheapest(chances(answer=0.8, distress=0.2))] == "answer"
    assert ACTS[cheapest(chances(clarify=0.55, wish_skip=0.4, answer=0.05))] == "clarify"


def test_the_weights_are_small_and_say_what_they_were_fitted_on() -> None:
    assert WEIGHTS.stat().st_size < 6_000_000
    with np.load(WEIGHTS) as stored:
        assert len(str(stored["data"])) == len(digest())


@pytest.mark.parametrize(("language", "f1"), [("en", 0.87), ("ko", 0.91)])
def test_the_sample_is_understood(language: str, f1: float) -> None:
    floors = {
        "wishes met": 0.94,
        "answers taken for a wish": 0.03,
        "answers taken for anything else": 0.03,
        "delicate taken for an answer": 0.0,
        "disclosures noticed": 0.85,
        "disclosures where none is": 0.1,
        "work right": 0.87,
        "self-harm where none is": 0.02,
    }
    hold("sample", language, f1, floors)


@pytest.mark.parametrize(("language", "f1"), [("en", 0.79), ("ko", 0.88)])
def test_groups_that_training_left_out_are_understood(language: str, f1: float) -> None:
    floors = {
        "wishes met": 0.87,
        "answers taken for a wish": 0.01,
        "answers taken for anything else": 0.05,
        "delicate taken for an answer": 0.05,
        "disclosures noticed": 0.81,
        "disclosures where none is": 0.075,
        "work right": 0.94,
        "self-harm where none is": 0.02,
    }
    hold("held-out groups", language, f1, floors)


def test_where_there_is_no_second_encoder_the_first_reads_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.engines.e5.found", lambda: None)
    understanding = OfflineUnderstanding(Encoder())
    reads = [Read(row, understanding.read(row.question, row.utterance)) for row in sample()[::3]]
    right = sum(read.row.act == read.got.act for read in reads)
    assert right >= 0.85 * len(reads), table(reads)


@pytest.mark.parametrize(
    ("utterance", "asked"),
    [
        ("I led the team that rebuilt our billing, and we were done two weeks early.", 0),
        ("결제 서비스를 두 번째 해에 큐 방식으로 옮겼습니다.", 0),
        ("My mother died in spring, and after that I could not work for a while.", 1),
        ("Could you say that again?", 1),
        ("요즘은 그냥 다 끝내고 싶다는 생각이 들어요.", 1),
    ],
)
def test_the_second_encoder_reads_only_what_may_be_more_than_a_plain_answer(
    encoder: Encoder, utterance: str, asked: int
) -> None:
    reads: list[str] = []

    def finer(texts: Sequence[str]) -> Floats:
        reads.extend(texts)
        return e5.encode(texts)

    question = "What did you do there?"
    model, about = Model.load(), encoder.encode([question])[0]
    reading = model.read(question, about, utterance, encoder.encode, finer, sparing=True)
    assert len(reads) == asked
    assert reading.finely == bool(asked)
    assert model.read(question, about, utterance, encoder.encode, finer).finely


def test_most_who_speak_of_harming_themselves_are_heard() -> None:
    reads = judged("held-out groups")
    heard, of_many = figures(reads)["self-harm noticed"]
    assert heard / of_many >= 0.92, table(reads)
