"""Korean particles, chosen by the sound that the word before them ends in."""

from __future__ import annotations

import re

FORMS = {"은": "는", "을": "를", "이": "가", "과": "와", "으로": "로", "이라고": "라고"}
"""After a consonant, and after a vowel."""
_RIEUL = 8
# Digits as they are read: 영 일 이 삼 사 오 육 칠 팔 구.
_DIGIT_FINALS = (21, _RIEUL, 0, 16, 0, 0, 1, _RIEUL, _RIEUL, 0)
# Letters whose Korean names end in a consonant: 엘 엠 엔 알.
_LETTER_FINALS = {"l": _RIEUL, "m": 16, "n": 4, "r": _RIEUL}
# English words as Koreans say them: 데브옵스 and 매니저 end in a vowel; 파이썬, 깃, 툴 do not.
_WORD_FINALS = (
    (re.compile(r"(l|le)$"), _RIEUL),
    (re.compile(r"(ng|m|n|me|ne)$"), 21),
    (re.compile(r"(ck|^[^aeiou]*[aeiou][kpt]|oo[kpt]|[^aeiou][aeiou]p)$"), 1),
)


def particle(word: str, form: str) -> str:
    """The particle as it is after ``word``: ("보안", "을") gives 을, ("서버", "을") gives 를.

    ``form`` is the one after a consonant, one of `FORMS`.
    """
    ending = final(word)
    if ending == 0 or (form == "으로" and ending == _RIEUL):
        return FORMS[form]
    return form


def final(word: str) -> int:
    """The last syllable's final consonant: 0 for none, 8 for ㄹ, else some other number."""
    letters = re.findall(r"[0-9A-Za-z가-힣]+", word)
    last = letters[-1] if letters else ""
    if not last:
        return 0
    if "가" <= last[-1] <= "힣":
        return (ord(last[-1]) - 0xAC00) % 28
    if last[-1] in "0123456789":
        return _DIGIT_FINALS[int(last[-1])]
    spelled = re.search(r"(?<![A-Za-z])[A-Za-z]++$", last)
    return _latin_final(spelled[0]) if spelled else 0


def _latin_final(word: str) -> int:
    if word.isupper() and (len(word) <= 4 or not re.search("[AEIOU]", word)):
        return _LETTER_FINALS.get(word[-1].lower(), 0)
    lower = word.lower()
    return next((found for pattern, found in _WORD_FINALS if pattern.search(lower)), 0)
