"""What the interviewer says around the questions: welcome, thanks, patience."""

from __future__ import annotations

import re

from server.core.bank.roles import GENERAL_ROLE, family
from server.core.events import Language
from server.core.korean import particle

# What an introduction is to centre on, by family.
_FOCUS: dict[Language, dict[str, str]] = {
    "ko": {
        "security": "보안 분야에서 맡아 오신 일",
        "backend": "직접 개발하고 운영해 보신 서버와 서비스",
        "frontend": "직접 만들어 보신 화면과 서비스",
        "software": "직접 개발해 보신 제품이나 기능",
        "data": "데이터로 풀어 보신 문제",
        "ml": "직접 학습시키거나 적용해 보신 모델",
        "devops": "직접 구축하고 운영해 보신 시스템",
        "qa": "품질을 책임지고 검증해 보신 제품",
        "pm": "직접 기획하고 이끌어 보신 제품이나 과제",
        "design": "직접 참여하신 디자인 작업",
        "marketing": "직접 기획하고 집행하신 마케팅 활동",
        "sales": "맡으셨던 고객과 영업 활동",
        "hr": "인사 분야에서 맡아 오신 일",
        "finance": "재무와 회계 분야에서 맡아 오신 일",
        "support": "고객을 응대하며 맡아 오신 일",
        "nursing": "임상에서 맡아 오신 일",
        "education": "가르치거나 교육을 설계하신 경험",
        "manufacturing": "생산 현장에서 맡아 오신 일",
        "logistics": "물류와 공급망에서 맡아 오신 일",
        "research": "직접 수행하신 연구",
        "general": "지금까지 해 오신 일",
    },
    "en": {
        "security": "the security work you have done",
        "backend": "the services you have built and run",
        "frontend": "the interfaces you have built",
        "software": "the software you have built",
        "data": "the problems you have solved with data",
        "ml": "the models you have trained or put to use",
        "devops": "the systems you have built and kept running",
        "qa": "the products whose quality you have looked after",
        "pm": "the products or projects you have led",
        "design": "the design work you have been part of",
        "marketing": "the campaigns you have planned and run",
        "sales": "the customers and sales you have been responsible for",
        "hr": "the work you have done in human resources",
        "finance": "the work you have done in finance and accounting",
        "support": "the customers you have helped and how",
        "nursing": "the clinical work you have done",
        "education": "the teaching or training you have done",
        "manufacturing": "the work you have done in production",
        "logistics": "the work you have done in logistics and supply",
        "research": "the research you have carried out",
        "general": "the work you have done so far",
    },
}
_LONGEST_NAME = 40
_NAME = re.compile(r"[^\W\d_][^\d_@/:;!?<>{}\[\]]*")


def opening(target_role: str, language: Language, name: str | None) -> str:
    """Greets, says that an AI asks (the candidate has to be told), names the role, and asks."""
    focus = _FOCUS[language][family(target_role)]
    called = _called(name)
    if language == "ko":
        hello = f"안녕하세요, {called} 님. " if called else "안녕하세요. "
        return (
            f"{hello}저는 오늘 {_korean_interview(target_role)}을 진행하는 AI 면접관입니다. "
            f"먼저 {focus}{particle(focus, '을')} 중심으로 자기소개를 부탁드립니다."
        )
    hello = f"Hello, {called}. " if called else "Hello. "
    return (
        f"{hello}I am the AI interviewer for {_english_interview(target_role)} today. "
        f"To begin, could you introduce yourself, with a focus on {focus}?"
    )


def _called(name: str | None) -> str | None:
    """The name if it can be one: a misread line of a résumé is not read out as a name."""
    name = re.sub(r"\s+", " ", name or "").strip()
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        return None
    return re.sub(r"(?:(?<!\s)\s++)?님$", "", name) or None


def _stated(target_role: str) -> bool:
    return target_role.strip() not in ("", GENERAL_ROLE)


def _korean_interview(target_role: str) -> str:
    if not _stated(target_role):
        return "일반 면접"
    named = re.search(r"(직무|직|직군|분야|부문|업무)$", target_role.strip())
    return f"{target_role} 면접" if named else f"{target_role} 직무 면접"


def _english_interview(target_role: str) -> str:
    if not _stated(target_role):
        return "a general interview"
    named = re.search(r"\b(role|position|job|internship)$", target_role.strip(), re.IGNORECASE)
    return f"the {target_role} interview" if named else f"the {target_role} role"


def closing(language: Language, name: str | None) -> str:
    called = _called(name)
    if language == "ko":
        thanks = f"{called} 님, " if called else ""
        return (
            f"{thanks}준비한 질문은 여기까지입니다. 오늘 시간 내어 말씀해 주셔서 감사합니다. "
            "면접 내용은 담당자가 직접 검토합니다. 수고 많으셨습니다."
        )
    thanks = f"Thank you, {called}. " if called else "Thank you. "
    return (
        f"{thanks}Those were all my questions for today. A person will review this "
        "interview. Thank you for your time, and goodbye."
    )


def encourage(language: Language) -> str:
    """Said before a question that is asked again because nothing was heard for long."""
    if language == "ko":
        return "천천히 생각하고 말씀하셔도 괜찮습니다. 질문을 다시 한번 드리겠습니다."
    return "Please take your time. I will ask the question once more."


def come_back(language: Language) -> str:
    """Said before a question that is asked again because only the interview was talked about."""
    if language == "ko":
        return "네, 말씀 잘 들었습니다. 질문으로 돌아가 보겠습니다."
    return "I hear you. Let us come back to the question."


def repeat_prefix(language: Language) -> str:
    """Said before a question that is repeated because the candidate asked for it."""
    return "네, 다시 말씀드리겠습니다." if language == "ko" else "Of course, here it is again."


def unheard(language: Language) -> str:
    """Said when the answer had sound and no words could be made of it."""
    if language == "ko":
        return (
            "죄송합니다. 방금 말씀을 잘 듣지 못했습니다. "
            "다시 한번 말씀해 주시거나, 글로 입력해 주시겠어요?"
        )
    return "I am sorry, I could not make out what you said. Could you say it again, or type it?"
