"""Korean: whole eojeols up to the end of a clause, so that “…”라고 하셨는데 can follow."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from server.core.quote.span import Kind, Span, Word

_LONGEST_WORDS, _LONGEST_SYLLABLES = 8, 25
_FEWEST_POINTS = 2.5

# The end of a sentence, also where the recogniser wrote no full stop.
_SENTENCE = re.compile(
    r"(니다|니까|[어아여해에예]요|[았었였했겠]고요|거든요|네요|는데요|은데요|지요|죠|[가-힣]+(했|었|았|였|한)다)$"
)
# The end of a clause: a connective ending of a verb.
_CONNECTIVE = re.compile(
    r"(았|었|였|했|갔|났|됐|렸|졌|웠|꿨|췄|쳤|켰|겼|냈)(고|는데|지만|으며|으나|으니까|으니|더니|기에|거나)$"
    r"|(하고|하며|하면서|하여|해서|하는데|하지만|한데|하다가|하니까|하자|해|해야|되고|되어|돼서|되면서|되는데|되지만|됐는데)$"
    r"|(어서|아서|여서|려서|라서|와서|워서|져서|쳐서|면서|지만|는데|은데|인데|니까|므로|느라|려고|도록|기 위해|던데)$"
)
_CONJUNCTION = re.compile(
    r"^(그리고|그래서|그런데|근데|하지만|그러나|그러면|그러니까|그렇지만|왜냐하면|왜냐면|따라서|또한|또|그다음에?|그래도"
    r"|예를|예컨대|특히|결국|그러다가?|이후에?)$"
)
# Words that carry nothing: a quote neither begins nor ends with one.
_EMPTY = re.compile(
    r"^(저|저는|저도|저희|저희는|저희가|저희도|제가|제|나는|내가|우리|우리는|우리가|그|이|저기|음+|어+|아+|네+|예|뭐|막|좀|약간"
    r"|일단|이제|사실|그냥|정말|진짜|아주|매우|굉장히|되게|너무|많이|조금|다|더|잘|또|즉|그게|이게|그거|이거|그것|이것|것|거|수|때|등"
    r"|이런|그런|저런|어떤|그때|당시|당시에|때는|같은|같이|있는|있고|있었고|있어서|있습니다|있었습니다|했고|했는데|해서|하고|하는|한|할"
    r"|한번|먼저|우선|아마|그니까|아니|아무튼|어쨌든|솔직히|개인적으로|생각합니다|생각해요|생각했습니다|같습니다|같아요|것입니다|겁니다"
    r"|됩니다|합니다|했습니다|되었습니다|됐습니다|입니다|안녕하세요|감사합니다|지원한|지원하게|경우|경우에|경우에는|부분|부분이|부분을)$"
)
_FILLER_START = re.compile(
    rf"{_EMPTY.pattern[:-2]}|그래서|그리고|그런데|근데|하지만|때문에|위해서?|왜냐하면|특히|결국|또한)$"
)
_UNENDING = re.compile(
    r"(은|는|의|와|과|도|만|기|위해|위해서|때문에|에|에서|에게|으로|로|까지|부터|보다|처럼|마다|이나|이라는|라는|한테|께|던|을|를|할|될|된|한|운|적인|있는|같은|하는)$"
)
_OBJECT = re.compile(r"^(?P<noun>.*[가-힣A-Za-z0-9])(?P<particle>을|를|이|가)$")
_NOT_OBJECT = frozenset(
    "많이 같이 없이 높이 깊이 굳이 길이 차이 사이 마을 가을 겨울 나이 놀이 제가 저희가 누가 뭐가 무엇을 것을 것이 거를 수가 때가 게".split()
)
_VERBAL_NOUN = re.compile(
    r"^(?P<noun>[가-힣A-Za-z0-9]{2,}?)(하고|하며|하면서|하여|해서|하는데|하다가|해|했고|했는데|했으며|했지만|되고|되어|돼서|되면서"
    r"|됐고|됐는데|되었고|되었는데|하기|하는|하도록|하려고)$"
)
_DIGIT = re.compile(
    r"\d|퍼센트|프로(?:로|가|를|나|정도)?$|절반|(?:두|세|네|다섯|열|몇십|몇백|수십|수백|수천|수만|백|천|만|억) ?(?:배|개|건|명|시간|분|초|일|달|년|만)|[일이삼사오육칠팔구십백]+(?:배|퍼센트|건|명|시간|분|초|개월|년|만)"
)
_PROBLEM = re.compile(
    r"문제|장애|실패|오류|어려|갈등|느려|느린|느렸|지연|충돌|버그|부족|힘들|막히|막혔|늦어|불만|민원|위험|사고|누락|불량|한계|병목|손실|침해|취약|클레임|반대|실수|중단|이탈"
)
_DECISION = re.compile(
    r"결정|선택|판단|고민|대신|비교|골라|골랐|우선순위|전환|교체|바꾸|바꿨|바꿔|옮기|옮겼|옮겨|제안|설득|포기|도입|채택|기준"
)
_TEAM = re.compile(
    r"팀|동료|협업|협의|선배|후배|부서|고객|환자|학생|학부모|사용자|거래처|개발자|디자이너|기획자|함께|공유|소통|조율|멘토"
)
_ACTION = re.compile(
    r"개발|설계|구축|개선|해결|분석|만들|만든|줄였|줄여|줄이|높였|높이|늘렸|늘려|자동화|운영|기획|작성|관리|검토|적용|튜닝|최적화|배포|테스트|측정|조사|연구|담당|맡았|맡아|이끌|수행|진행|구현|리팩터링|리팩토링"
    r"|추가|제거|나누|나눴|분리|정리|교육|가르|지도|간호|응대|상담|판매|계약|채용|정산|점검|실험|학습|훈련|검증|모니터링|수립|집행|달성|출시|옮겼|바꿨|찾았|찾아|고쳤|고쳐|세웠|썼|짰"
)  # fmt: skip
_TERM = re.compile(
    r"[A-Za-z]{2,}|서버|데이터|쿼리|캐시|인덱스|배포|파이프라인|모델|알고리즘|시스템|서비스|플랫폼|카프카|레디스|도커|쿠버네티스|스프링|리액트|파이썬|자바|디비|데이터베이스"
    r"|보안|방화벽|로그|화면|캠페인|예산|매출|전환율|재고|납기|공정|설비|병동|수업|채널|지표|프로세스|매뉴얼|체크리스트|논문|보고서|프로젝트|구조|배치|비동기|결제|주문|인증"
)  # fmt: skip
_NO_ANSWER = re.compile(
    r"모르겠|모릅니다|몰라|기억(?:이|은|도)? ?(?:안|잘 안|나지|없)|생각(?:이|은)? ?(?:안|잘 안|나지)|경험(?:이|은)? ?(?:없|따로 없)|(?:해|써|다뤄) ?본 ?적(?:이|은)? 없"
    r"|없습니다|없어요|없는 것 같|패스|넘어가|다음 질문|다시 (?:한 ?번|말|질문|들)|질문을? (?:다시|이해|못)|잠시만|잠깐만|생각할 시간|생각 좀|들리(?:시|나|세)|못 들었"
    r"|좋은 질문|어려운 질문|이상입니다|여기까지|감사합니다|안녕하세요|잘 부탁|무시하(?:고|세|라)|지시(?:사항|문)?을?|프롬프트를|라고 합니다|입니다만$"
)  # fmt: skip


def spans(words: Sequence[Word]) -> Iterator[Span]:
    """The best span of every clause that has one."""
    for clause in _split(words):
        if _NO_ANSWER.search(" ".join(word.text for word in clause)):
            continue
        found = [span for span in _candidates(clause) if span.score >= _FEWEST_POINTS]
        if found:
            yield max(found, key=lambda span: (span.score, -span.start))


def _split(words: Sequence[Word]) -> Iterator[list[Word]]:
    """After endings and before conjunctions; a connective that leaves too little goes on."""
    clause: list[Word] = []
    for word in words:
        if _CONJUNCTION.match(word.text) and clause:
            yield clause
            clause = []
        clause.append(word)
        if _SENTENCE.search(word.text) or (_CONNECTIVE.search(word.text) and len(clause) > 4):
            yield clause
            clause = []
    if clause:
        yield clause


def _candidates(clause: Sequence[Word]) -> Iterator[Span]:
    for last in range(len(clause)):
        end = _end(clause, last)
        if end is None:
            continue
        for first in range(max(0, last - _LONGEST_WORDS + 1), last + 1):
            if (
                _can_begin(clause, first)
                and _syllables(clause, first, end[0]) <= _LONGEST_SYLLABLES
            ):
                yield _span(clause, first, last, end)


def _end(clause: Sequence[Word], last: int) -> tuple[int, float] | None:
    """Where a quote that ends with this eojeol ends, and how well that reads."""
    word = clause[last]
    text = word.text
    if last == len(clause) - 1 and _SENTENCE.search(text):
        bare_end = _EMPTY.match(text) and not (last and text.endswith("니다"))
        return None if bare_end else (word.end, 2.5)
    if _EMPTY.match(text):
        return None
    verbal = _VERBAL_NOUN.match(text)
    if verbal:
        return (word.start + verbal.end("noun"), 1.0)
    if last == len(clause) - 1 and _CONNECTIVE.search(text):
        return (word.end, 0.0)
    noun = _OBJECT.match(text)
    if noun and text not in _NOT_OBJECT and _agrees(noun["noun"], noun["particle"]):
        return (word.start + noun.end("noun"), 0.0)
    if last == len(clause) - 1 and not _UNENDING.search(text) and not _CONNECTIVE.search(text):
        return (word.end, 0.5)
    return None


def _agrees(noun: str, particle: str) -> bool:
    """을 and 이 follow a consonant, 를 and 가 a vowel: else the syllable belongs to the noun."""
    if not "가" <= noun[-1] <= "힣":
        return True
    return bool((ord(noun[-1]) - 0xAC00) % 28) == (particle in "을이")


def _can_begin(clause: Sequence[Word], first: int) -> bool:
    return not _FILLER_START.match(clause[first].text)


def _span(clause: Sequence[Word], first: int, last: int, end: tuple[int, float]) -> Span:
    chosen = [word.text for word in clause[first : last + 1]]
    text = " ".join(chosen)
    score = end[1] + 0.6 * min(len(chosen), 5) - 0.3 * max(len(chosen) - 6, 0)
    score += 2.0 * bool(_DIGIT.search(text))
    score += 1.5 * bool(_PROBLEM.search(text))
    score += 1.5 * bool(_DECISION.search(text))
    score += 1.0 * bool(_ACTION.search(text))
    score += 0.8 * min(len(_TERM.findall(text)), 2)
    score -= 2.5 * (len(chosen) == 1) + 0.5 * (len(chosen) == 2)
    score += _beginning(clause, first)
    kind = next((kind for kind, pattern in _KINDS if pattern.search(text)), "plain")
    return Span(clause[first].start, end[0], score, kind)


def _beginning(clause: Sequence[Word], first: int) -> float:
    """Best at the clause's own beginning, next best behind a particle that closes a phrase."""
    if first == 0 or all(_FILLER_START.match(word.text) for word in clause[:first]):
        return 1.0
    before = clause[first - 1].text
    if _FILLER_START.match(before) or re.search(
        r"(은|는|에서|에게|으로|로|고|서|며|면|때|에|까지|부터)$", before
    ):
        return 0.3 if not re.search(r"(하는|있는|되는|없는|던|었던|만드는|의)$", before) else -2.0
    return -1.5


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("measure", _DIGIT),
    ("problem", _PROBLEM),
    ("decision", _DECISION),
    ("team", _TEAM),
    ("action", _ACTION),
)


def _syllables(clause: Sequence[Word], first: int, end: int) -> float:
    """Hangul and digits count one, Latin letters half, as they are about that long to say."""
    text = "".join(word.text[: max(0, end - word.start)] for word in clause[first:])
    return sum(0.5 if c.isascii() and c.isalpha() else 1 for c in text)
