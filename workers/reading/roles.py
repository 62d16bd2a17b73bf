"""Words that make a phrase the name of a job, in the languages of résumés."""

from __future__ import annotations

import re

_ENGLISH = """
engineer developer programmer coder architect scientist analyst manager designer researcher
consultant administrator specialist technician technologist director officer ceo cto cfo coo cio cmo
ciso founder co-founder cofounder entrepreneur professor lecturer teacher instructor tutor educator
intern trainee apprentice assistant associate coordinator representative nurse doctor physician
surgeon dentist pharmacist veterinarian accountant bookkeeper lawyer attorney paralegal counsel
writer copywriter editor journalist reporter artist photographer videographer illustrator animator
producer marketer planner strategist evangelist advocate devops sre tester qa operator chef cook
baker driver pilot mechanic electrician plumber carpenter welder machinist clerk secretary
receptionist cashier agent broker trader banker auditor actuary economist statistician
mathematician physicist chemist biologist geologist psychologist therapist counselor counsellor
translator interpreter librarian curator musician composer actor actress dancer singer coach trainer
freelancer executive supervisor foreman inspector buyer merchandiser recruiter generalist sysadmin
dba webmaster hacker maker barista waiter waitress bartender server steward stewardess attendant
salesperson salesman seller vendor president chairman partner principal fellow postdoc modeler
moderator facilitator liaison ambassador controller treasurer comptroller underwriter appraiser
estimator surveyor dispatcher scheduler expediter logistician custodian janitor caretaker caregiver
nanny paramedic firefighter guard detective astronomer
astronaut author blogger speaker philosopher historian linguist sociologist anthropologist
archaeologist economist investigator practitioner professional expert guru lead leader head chief
owner master fullstack full-stack cybersecurity
"""
_ENGLISH_ENDS = """
development engineering management marketing design administration accounting nursing recruitment
sales research operations position role analysis analytics science programming consulting
"""
_EUROPEAN = """
ingenieur ingenieurin entwickler entwicklerin berater beraterin leiter leiterin informatiker
kaufmann kauffrau techniker wissenschaftler développeur développeuse ingénieur ingénieure
concepteur graphiste chef analyste responsable technicien chercheur enseignant desarrollador
desarrolladora ingeniero ingeniera analista diseñador gerente técnico profesor investigador
desenvolvedor desenvolvedora engenheiro engenheira programador programadora projetista professor
sviluppatore ingegnere progettista ricercatore programmatore ontwikkelaar utvecklare udvikler
kehittäjä programista inżynier deweloper vývojář mühendis mühendisi geliştirici разработчик
программист инженер аналитик дизайнер менеджер тестировщик архитектор
"""
_KOREAN = """
개발자 엔지니어 디자이너 기획자 매니저 마케터 분석가 분석관 연구원 연구자 연구직 컨설턴트
프로그래머 아키텍트 관리자 담당자 전문가 전문위원 운영자 강사 교사 교수 간호사 의사 약사
회계사 변호사 세무사 노무사 법무사 변리사 관세사 기자 작가 편집자 에디터 카피라이터 사무원
사무직 비서 조리사 요리사 셰프 바리스타 상담사 상담원 사회복지사 건축가 건축사 설계사 설계자
기술자 기술직 기능직 생산직 영업직 관리직 영업사원 영업관리 영업대표 사이언티스트 애널리스트
리서처 테스터 오퍼레이터 크리에이터 감독 프로듀서 사진작가 일러스트레이터 애니메이터
퍼블리셔 어드민 데브옵스 리더 팀장 파트장 본부장 실장 대표 이사 창업자 코치 트레이너 승무원
조종사 정비사 기관사 운전기사 기사 미용사 물리치료사 작업치료사 임상병리사 방사선사 치위생사
영양사 보육교사 유치원교사 통역사 번역가 번역사 큐레이터 사서 경비원 판매원 판매직 캐셔 점장
매니져 인턴 어시스턴트 코디네이터 트레이더 펀드매니저 심사역 딜러 감사역 공무원 군무원
소방관 경찰관 스페셜리스트 제너럴리스트 스크럼마스터 프로덕트오너 해커 화이트해커
"""
_KOREAN_FIELDS = """
개발 기획 디자인 마케팅 영업 인사 총무 회계 재무 경리 홍보 법무 구매 물류 생산 품질 연구 설계 보안
분석 운영 관리 상담 교육 번역 통역 간호 엔지니어링 사무 무역 유통 서비스 전산 직무 포지션
"""
_JAPANESE = """
エンジニア 開発者 デザイナー プログラマー プログラマ マネージャー マネージャ コンサルタント
アナリスト 研究者 研究員 研究職 営業職 事務職 技術職 総合職 一般職 アーキテクト ディレクター
プランナー 講師 教員 教師 看護師 医師 薬剤師 会計士 税理士 弁護士 編集者 ライター
サイエンティスト スペシャリスト 管理者 担当 マーケター オペレーター 開発職 企画職
"""
_CHINESE = """
工程师 工程師 设计师 設計師 经理 經理 开发者 分析师 分析師 架构师 架構師 顾问 顧問 研究员 研究員
实习生 實習生 科学家 程序员 程式設計師 运营 產品經理 产品经理 总监 主管 专员 專員 助理 教师 教師
讲师 会计 會計 律师 律師 护士 护师 医生 翻译 编辑 记者 销售 工程 开发 前端 后端 算法
"""

_LATIN_WORDS = frozenset((_ENGLISH + _EUROPEAN).split())
_LATIN_FIELDS = frozenset(_ENGLISH_ENDS.split())
_CJK_ENDS = tuple(sorted((_KOREAN + _JAPANESE + _CHINESE).split(), key=len, reverse=True))
_CJK_FIELDS = tuple(_KOREAN_FIELDS.split())
_ABBREVIATIONS = re.compile(
    r"(?<![A-Za-z])(?:PM|PO|PL|PMO|DBA|SRE|QA|SE|MD|AE|TA|CEO|CTO|CFO|COO|UX|UI|UI/UX|DevOps|MLOps)"
    r"(?![A-Za-z])"
)
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*", re.UNICODE)
_PLURAL = re.compile(r"(?<=[a-z]{3})s$")


def is_role_word(token: str) -> bool:
    """The word alone names somebody who works: 'engineer', '개발자', 'エンジニア'."""
    plain = token.casefold().strip(".,:;!?()[]\"'“”")
    if plain in _LATIN_WORDS or _PLURAL.sub("", plain) in _LATIN_WORDS:
        return True
    if "-" in plain and plain.rsplit("-", 1)[1] in _LATIN_WORDS:
        return True
    return plain.endswith(_CJK_ENDS) or _german(plain)


def _german(plain: str) -> bool:
    return len(plain) > 10 and plain.endswith(
        ("ingenieur", "entwickler", "entwicklerin", "berater", "leiter", "techniker", "kaufmann")
    )


def has_role_word(text: str) -> bool:
    return any(is_role_word(token) for token in _TOKEN.findall(text)) or bool(
        _ABBREVIATIONS.search(text) and len(text) < 40
    )


def names_a_field(text: str) -> bool:
    """The phrase names a line of work without a person: '영업관리', 'Product Design'."""
    tokens = _TOKEN.findall(text)
    if not tokens:
        return False
    last = tokens[-1].casefold()
    return last in _LATIN_FIELDS or last.endswith(_CJK_FIELDS)


def role_word_at(tokens: list[str]) -> int | None:
    """Index of the last word of the first role phrase among the tokens, or None.

    'Head of Marketing' and 'Designer & Illustrator' are one phrase.
    """
    found = None
    for index, token in enumerate(tokens):
        if is_role_word(token):
            found = index
        elif found is not None and not _goes_on(tokens, index, found):
            break
        elif found is not None and token[:1].isupper():
            found = index
        if found == index and token.endswith((",", ".", ";", ":")):
            break
    return found


def _goes_on(tokens: list[str], index: int, found: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if tokens[index] in ("&", "and", "/"):
        return is_role_word(following)
    if tokens[index] == "of":
        return index == found + 1 and following[:1].isupper()
    return tokens[found + 1] == "of" and index == found + 2 and tokens[index][:1].isupper()
