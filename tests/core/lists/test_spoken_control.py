"""What candidates say when they want something of the interviewer, and answers that sound alike."""

from __future__ import annotations

import pytest

from server.core.events import Language
from server.core.lists.spoken_control import spoken_control

WISHES: list[tuple[Language, str, str]] = [
    ("ko", "repeat", "다시 한번 말씀해 주시겠어요?"),
    ("ko", "repeat", "죄송한데 질문을 다시 말씀해 주세요."),
    ("ko", "repeat", "한 번 더 말씀해 주실 수 있나요?"),
    ("ko", "repeat", "잘 못 들었습니다."),
    ("ko", "repeat", "음, 다시 들려주세요."),
    ("ko", "repeat", "뭐라고 하셨나요?"),
    ("ko", "rephrase", "다른 말로 설명해 주시겠어요?"),
    ("ko", "rephrase", "좀 더 쉽게 설명해 주세요"),
    ("ko", "rephrase", "질문을 바꿔서 말씀해 주실래요?"),
    ("ko", "rephrase", "질문이 잘 이해가 안 돼요."),
    ("ko", "skip", "이 질문은 넘어갈게요."),
    ("ko", "skip", "이번 질문은 패스할게요"),
    ("ko", "skip", "다음 질문으로 넘어가 주세요."),
    ("ko", "skip", "패스"),
    ("ko", "skip", "그냥 넘어가겠습니다"),
    ("ko", "moment", "잠시만요."),
    ("ko", "moment", "잠깐만요"),
    ("ko", "moment", "음... 생각할 시간을 주세요."),
    ("ko", "moment", "잠시 생각해 보겠습니다."),
    ("ko", "moment", "잠시만 기다려 주시겠어요?"),
    ("ko", "pause", "잠시 쉬었다 하고 싶어요"),
    ("ko", "pause", "잠깐 쉬어도 될까요?"),
    ("ko", "end", "면접을 여기서 마치겠습니다."),
    ("ko", "end", "여기서 마칠게요."),
    ("ko", "end", "면접을 그만하고 싶습니다"),
    ("en", "repeat", "Could you repeat the question?"),
    ("en", "repeat", "Sorry, can you say that again please?"),
    ("en", "repeat", "I didn't catch that."),
    ("en", "repeat", "Um, could you please repeat that one more time?"),
    ("en", "repeat", "What was the question again?"),
    ("en", "rephrase", "Can you rephrase that?"),
    ("en", "rephrase", "What do you mean by that?"),
    ("en", "rephrase", "Could you put it another way?"),
    ("en", "rephrase", "I don't understand the question."),
    ("en", "skip", "I'd like to skip this one."),
    ("en", "skip", "Can we skip this question, please?"),
    ("en", "skip", "Pass."),
    ("en", "skip", "Next question, please."),
    ("en", "moment", "Let me think."),
    ("en", "moment", "Give me a moment."),
    ("en", "moment", "Just a second."),
    ("en", "moment", "Let me think about that for a moment."),
    ("en", "moment", "Hold on."),
    ("en", "pause", "Can we take a short break?"),
    ("en", "pause", "Could we pause the interview?"),
    ("en", "end", "I'd like to end the interview."),
    ("en", "end", "Let's stop the interview here."),
    ("ko", "repeat", "Could you repeat the question?"),
]

ANSWERS: list[tuple[Language, str]] = [
    ("en", "We had to skip the tests and ship on Friday."),
    ("en", "I would repeat the experiment with more data."),
    ("en", "I asked them to repeat the question to the customer."),
    ("en", "The build did not pass."),
    ("en", "All of them pass now."),
    ("en", "We decided to pause the rollout."),
    ("en", "I ended the project after three months."),
    ("en", "We stopped the interview process for that team."),
    ("en", "Let me think, it was in 2021 that we moved to Kafka."),
    ("en", "I think it took a moment to warm up the cache."),
    ("en", "The next question was how to roll it back."),
    ("en", "I did not understand the requirement at first."),
    ("en", "I explained it to the customer."),
    ("en", "I rephrased the ticket and asked again."),
    ("en", "Skip lists."),
    ("en", "A second."),
    ("en", "One minute of downtime."),
    ("en", "I passed on that offer because of the team."),
    ("en", "We finished the interview tool in May."),
    ("en", "Yes."),
    ("en", "No, I did not."),
    ("en", "I clarified the goal with the product owner."),
    ("en", "It said the same thing again and again."),
    ("en", "I took a short break from work to study."),
    ("en", ""),
    ("ko", "그 프로젝트는 그냥 넘어갔습니다."),
    ("ko", "테스트를 건너뛰고 배포했습니다."),
    ("ko", "고객에게 다시 한번 설명해 드렸습니다."),
    ("ko", "다시 말씀드리면 캐시 문제였습니다."),
    ("ko", "잠시 멈추고 로그를 확인했습니다."),
    ("ko", "잠깐만 기다리면 복구되는 장애였습니다."),
    ("ko", "생각할 시간이 부족했던 프로젝트였습니다."),
    ("ko", "그 면접을 마치고 입사했습니다."),
    ("ko", "여기서 마친 작업은 세 가지입니다."),
    ("ko", "쉽게 설명하는 것이 제 강점입니다."),
    ("ko", "다음 질문은 어떻게 되돌리느냐였습니다."),
    ("ko", "패스워드 정책을 바꿨습니다."),
    ("ko", "네."),
    ("ko", "아니요."),
    ("ko", "저는 보안 관제를 담당했습니다."),
    ("ko", "요구사항을 잘 이해하지 못했던 때가 있었습니다."),
    ("ko", "팀을 그만두고 이직했습니다."),
    ("ko", "프로젝트를 중단하고 싶지 않았습니다."),
    ("ko", "질문을 바꿔서 다시 조사했습니다."),
]

# As recognisers write down a candidate who starts over: whole starts, words, and broken-off words.
STARTED_OVER: list[tuple[Language, str, str]] = [
    ("en", "repeat", "Can you can you repeat that?"),
    ("en", "repeat", "Could could you say that again please?"),
    ("en", "repeat", "Sorry, sorry, can you repeat?"),
    ("en", "repeat", "Could you re- could you repeat the the question?"),
    ("en", "repeat", "Can you, um, can you say that again?"),
    ("en", "repeat", "Can you could you repeat that?"),
    ("en", "repeat", "I I I didn't catch that."),
    ("en", "repeat", "I didn't I didn't hear the question."),
    ("en", "repeat", "What was what was the question again?"),
    ("en", "rephrase", "C-can you rephrase that?"),
    ("en", "rephrase", "What do you what do you mean by that?"),
    ("en", "rephrase", "I don't understand I don't understand the question."),
    ("en", "skip", "I I'd like to skip this this one."),
    ("en", "skip", "Let's let's skip this one."),
    ("en", "skip", "Pass, pass."),
    ("en", "skip", "Next question, next question please."),
    ("en", "moment", "Can I can I have a moment?"),
    ("en", "moment", "Let me let me think about that."),
    ("en", "moment", "Hold on, hold on."),
    ("en", "pause", "Can we can we take a short break?"),
    ("en", "end", "I'd like to I'd like to end the interview."),
    ("ko", "repeat", "다시 다시 한번 말씀해 주시겠어요?"),
    ("ko", "repeat", "다시 한번 다시 한번 말씀해 주세요."),
    ("ko", "repeat", "질문을 질문을 다시 말씀해 주세요."),
    ("ko", "repeat", "질 질문을 다시 말씀해 주시겠어요?"),
    ("ko", "repeat", "죄송한데 죄송한데 다시 말씀해 주세요."),
    ("ko", "repeat", "한 번만 한 번만 더 말씀해 주세요."),
    ("ko", "repeat", "뭐라고, 어, 뭐라고 하셨나요?"),
    ("ko", "repeat", "잘 못 잘 못 들었습니다."),
    ("ko", "rephrase", "좀 더 쉽게 쉽게 설명해 주세요."),
    ("ko", "rephrase", "무슨 무슨 뜻인지 모르겠습니다."),
    ("ko", "skip", "이 질문은 이 질문은 넘어갈게요."),
    ("ko", "skip", "패스 패스할게요."),
    ("ko", "skip", "다음 다음 질문으로 넘어가 주세요."),
    ("ko", "moment", "잠깐 잠깐만요."),
    ("ko", "moment", "잠시만요 잠시만요."),
    ("ko", "moment", "생각할 음 생각할 시간을 주세요."),
    ("ko", "pause", "잠깐 잠깐 쉬어도 될까요?"),
    ("ko", "end", "면접을 면접을 여기서 마치겠습니다."),
    ("ko", "end", "여기서 여기서 마칠게요."),
]

ANSWERS_STARTED_OVER: list[tuple[Language, str]] = [
    ("en", "We we had to skip skip the tests."),
    ("en", "Skip skip lists."),
    ("en", "The build the build did not pass."),
    ("en", "I would repeat I would repeat the experiment."),
    ("en", "Can you can you repeat that, the customer kept saying."),
    ("en", "I asked I asked them to say that again."),
    ("en", "We can we can end the the contract in May."),
    ("en", "I stopped I stopped the interview process for that team."),
    ("en", "It took it took a moment a moment to warm up."),
    ("en", "Hold on hold on to the lock was the bug."),
    ("en", "Pass pass by reference."),
    ("en", "I think I think about the next question on the exam."),
    ("en", "We paused we paused the rollout."),
    ("en", "Re repeat customers."),
    ("en", "Um, uh, um."),
    ("ko", "테스트를 테스트를 건너뛰고 배포했습니다."),
    ("ko", "다시 다시 말씀드리면 캐시 문제였습니다."),
    ("ko", "고객에게 고객에게 다시 한번 설명해 드렸습니다."),
    ("ko", "잠깐 잠깐만 기다리면 복구되는 장애였습니다."),
    ("ko", "잠시 잠시 멈추고 로그를 확인했습니다."),
    ("ko", "생각할 생각할 시간이 부족했던 프로젝트였습니다."),
    ("ko", "패스 패스워드 정책을 바꿨습니다."),
    ("ko", "다음 다음 질문은 어떻게 되돌리느냐였습니다."),
    ("ko", "질문을 질문을 바꿔서 다시 조사했습니다."),
    ("ko", "쉽게 쉽게 설명하는 것이 제 강점입니다."),
    ("ko", "그냥 그냥 넘어갔습니다."),
    ("ko", "여기서 여기서 마친 작업은 세 가지입니다."),
    ("ko", "면접을 면접을 마치고 입사했습니다."),
    ("ko", "한 번 한 번 더 배포했습니다."),
    ("ko", "뭐라고 뭐라고 하셨나요라고 고객이 되물었습니다."),
    ("ko", "음 어 음"),
]


@pytest.mark.parametrize(("language", "wish", "text"), [*WISHES, *STARTED_OVER])
def test_a_wish_is_heard(language: Language, wish: str, text: str) -> None:
    assert spoken_control(text, language) == wish


@pytest.mark.parametrize(("language", "wish", "text"), WISHES)
def test_said_twice_over_it_is_the_same_wish(language: Language, wish: str, text: str) -> None:
    words = text.split()
    for size in (1, 2, 3, 4):
        start = " ".join(words[:size])
        assert spoken_control(f"{start} {text}", language) == wish
    assert spoken_control(" ".join(f"{word} {word}" for word in words), language) == wish


@pytest.mark.parametrize(("language", "text"), [*ANSWERS, *ANSWERS_STARTED_OVER])
def test_an_answer_is_no_wish(language: Language, text: str) -> None:
    said = spoken_control(text, language)
    assert said is None or (text == "A second." and said == "moment")


@pytest.mark.parametrize(("language", "wish", "text"), [*WISHES, *STARTED_OVER])
def test_inside_a_longer_answer_it_is_none(language: Language, wish: str, text: str) -> None:
    more = " 그래서 저희 팀은 결제 서비스를 옮겼습니다." if language == "ko" else (
        " and that is how my team moved the payment service to Kafka."
    )  # fmt: skip
    assert spoken_control(text + more, language) is None
