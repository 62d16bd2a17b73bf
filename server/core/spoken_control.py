"""A whole utterance that asks something of the interviewer instead of answering."""

from __future__ import annotations

import re
from typing import Literal

from server.core.events import Control, Language

_REPEAT = {
    "ko": re.compile(r"(다시 한번|다시|한 번 더) (말씀해|질문해) ?(주세요|주시겠어요)[.?]?"),
    "en": re.compile(
        r"(could|can) you (please )?repeat (the question|that)( please)?[.?]?", re.IGNORECASE
    ),
}


_MOMENT = re.compile(r"(let me think|give me a moment|잠시만요|잠깐만요)[.,]?", re.IGNORECASE)


def spoken_control(text: str, language: Language) -> Control | Literal["end"] | None:
    """None: the utterance is an answer, or part of one."""
    if _MOMENT.fullmatch(text.strip()):
        return "moment"
    return "repeat" if _REPEAT[language].fullmatch(text.strip()) else None
