"""Which section a heading opens, in Korean, English and a few other languages."""

from __future__ import annotations

import re
from typing import Literal, cast

from workers.reading.dates import without_dates
from workers.reading.labels import squash
from workers.reading.words import phrases, singles

SectionKind = Literal[
    "header", "personal", "summary", "objective", "work", "education", "projects", "certificates",
    "awards", "skills", "languages", "self_introduction", "publications", "references",
    "volunteer", "interests", "training", "military", "other",
]  # fmt: skip

_ENGLISH: dict[SectionKind, str] = {
    "summary": "summary profile about overview highlights biography bio introduction statement",
    "objective": "objective objectives goal goals",
    "work": "experience experiences employment career work appointments positions internships "
    "internship history jobs",
    "education": "education academics academic qualification qualifications coursework courses "
    "degrees degree schooling studies",
    "projects": "projects project portfolio",
    "certificates": "certifications certification certificates certificate licenses licences "
    "license credentials",
    "awards": "awards award honors honours honor achievements accomplishments scholarships grants "
    "fellowships prizes recognition",
    "skills": "skills skill technologies technology competencies competences expertise tools "
    "proficiencies strengths toolbox stack abilities programming",
    "languages": "languages language",
    "publications": "publications publication papers patents patent talks presentations "
    "conferences articles books invited lectures writing research",
    "references": "references reference referees",
    "volunteer": "volunteer volunteering leadership activities extracurricular involvement "
    "community service outreach affiliations memberships organizations",
    "interests": "interests hobbies interest hobby",
    "training": "training trainings workshops seminars",
    "personal": "personal contact contacts details information facts",
}
_MODIFIERS = frozenset(
    """and & / of in the my me a an professional work technical selected key core relevant other
    additional main major personal recent past industry industrial academic research teaching
    open source open-source side notable related summary history background profile statement
    areas area section information details earlier computer software it soft hard social
    foreign programming executive qualifications list overview career areas for on campus
    short about open practical special specialized further professional""".split()
)
_PRIORITY: tuple[SectionKind, ...] = (
    "references", "certificates", "awards", "volunteer", "objective", "projects", "languages",
    "work", "publications", "education", "skills", "training", "interests", "summary", "personal",
)  # fmt: skip
_KIND_OF = {word: kind for kind, words in _ENGLISH.items() for word in words.split()}

_KOREAN: dict[SectionKind, str] = {
    "personal": "인적사항|개인정보|기본정보|기본사항|개인신상|신상정보|지원자정보|인적|연락처|"
    "contact",
    "summary": "소개|요약|프로필|자기요약|간단소개|한줄소개|about|aboutme|핵심요약|경력요약|"
    "profile",
    "objective": "희망사항|희망근무조건|지원사항|지원정보|희망조건|응시사항|지원내용",
    "work": "경력|경력사항|경력기술서|주요경력|경력기술|업무경력|업무경험|직무경험|경험|"
    "실무경험|근무경력|"
    "직장경력|경력및경험|인턴경험|인턴|재직경력|경력기술사항|상세경력|상세경력기술|"
    "이력|주요이력|아르바이트",
    "education": "학력|학력사항|최종학력|최종학력및교육사항|학업|학력및교육|학력교육|교육|교육사항",
    "projects": "프로젝트|선별프로젝트|주요프로젝트|프로젝트경험|프로젝트경력|수행프로젝트|"
    "프로젝트이력|"
    "개인프로젝트|팀프로젝트|프로젝트수행|포트폴리오|사이드프로젝트",
    "certificates": "자격증|"
    "자격사항|자격|자격면허|면허|자격증및면허|자격및면허|보유자격증|자격증사항|"
    "자격증어학|자격증및어학|자격면허사항|취득자격증",
    "awards": "수상|수상내역|수상경력|수상이력|상벌|상벌사항|수상및활동|수상실적|수상사항|공모전",
    "skills": "기술|보유기술|기술스택|핵심역량|핵심기술|핵심기술및도구|보유기술및경험|보유역량|"
    "역량|스킬|"
    "사용기술|사용가능기술|전문기술|컴퓨터활용능력|컴퓨터능력|전산능력|oa능력|활용능력|"
    "보유기술및능력|주요기술",
    "languages": "어학|언어|언어능력|외국어|외국어능력|어학능력|어학성적|어학사항|외국어사항|"
    "어학점수",
    "training": "교육및연수|교육이수|교육과정|교육이력|연수|교육수료|교육내용|이수교육|훈련|"
    "연수사항|직업훈련|"
    "교육훈련|교육활동|교육및훈련|교육경력|해외연수|해외경험",
    "volunteer": "대외활동|봉사활동|동아리|동아리활동|활동|연구실활동|교내활동|사회활동|기타활동|"
    "주요활동|"
    "사회봉사|활동사항|활동경험|기타경험|교내외활동|커뮤니티",
    "publications": "논문|특허|연구실적|논문및특허|출판|발표|저서|연구경험|연구",
    "interests": "취미|특기|취미특기|관심분야|취미및특기|관심사",
    "references": "추천인|참고인|추천인정보",
    "other": "병역|병역사항|가족사항|가족관계|링크|기타|기타사항|보훈|장애|첨부|목차|특이사항",
    "self_introduction": "자기소개|"
    "자기소개서|성장과정|성격의장단점|성격및장단점|장단점|지원동기|입사후포부|"
    "지원동기및입사후포부|성장배경|생활신조|직무역량|학창시절|성격|포부|지원동기및포부|"
    "장래포부|향후계획|"
    "자기소개글|지원사유|입사포부|성장과정및가치관|직업관|coverletter",
}
_OTHERS: dict[SectionKind, str] = {
    "work": "工作经历|工作经验|实习经历|实习经验|工作經歷|職歴|職務経歴|berufserfahrung|"
    "expérience|expériencesprofessionnelles|expérienceprofessionnelle|experiencia|"
    "experienciaprofesional|experiêncialaboral|esperienze|esperienzaprofessionale|опытработы",
    "education": "教育背景|教育经历|教育經歷|学歴|学歴職歴|ausbildung|bildung|formation|formations|"
    "educación|formación|educação|formação|istruzione|образование",
    "projects": "项目经历|项目经验|项目|個人項目|專案經驗|projekte|projets|proyectos",
    "skills": "专业技能|技能|技术栈|技能特长|技術能力|スキル|技術スキル|kenntnisse|fähigkeiten|"
    "compétences|habilidades|competências|competenze|навыки",
    "awards": "荣誉奖项|获奖情况|奖项|荣誉证书|获奖经历|賞罰|auszeichnungen",
    "certificates": "证书|资格证书|免許資格|資格|免許・資格|資格免許|zertifikate",
    "languages": "语言能力|语言|語学|sprachen|sprachkenntnisse|langues|idiomas|lingue",
    "personal": "个人信息|基本信息|基本资料|persönlichedaten|datenpersönlich|datospersonales",
    "summary": "自我评价|个人总结|个人简介|自己pr|自己ｐｒ|職務要約|profil|perfil|zusammenfassung",
    "objective": "求职意向|求职目标|本人希望記入欄",
    "publications": "发表论文|论文|科研成果|科研经历|publikationen|veröffentlichungen",
    "interests": "兴趣爱好|趣味|特技趣味|hobbys|interessen|loisirs|centresdintérêt|intereses",
    "self_introduction": "志望動機|志望の動機",
    "volunteer": "校园经历|社团经历|学生工作|在校经历",
}
_WHOLE = {
    squash(word): kind
    for table in (_OTHERS, _KOREAN)
    for kind, words in table.items()
    for word in words.split("|")
}
_WHOLE |= {squash(name): cast("SectionKind", kind) for name, kind in phrases("headings").items()}
_STEMS = cast("dict[str, SectionKind]", singles("stems"))
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_KOREAN_TAIL = re.compile(r"(?:사항|내역|내용|정보|소개|이력|상세)$")
_KOREAN_HEAD = re.compile(r"^(?:주요|보유|핵심|상세|기타|개인|나의|관련|전문)")
_NUMBERED = re.compile(r"^\s*(?:[0-9]{1,2}|[IVX]{1,4}|[a-zA-Z가나다라마바사])\s*[.)\]:]\s*")
_PAPERS = frozenset(("이력서", "resume", "résumé", "cv", "curriculumvitae", "履歴書", "简历"))
_DOCUMENT = frozenset(
    squash(title)
    for title in """
    이력서 입사지원서 지원서 경력기술서 자기소개서 履歴書 職務経歴書 简历 个人简历 簡歷
    resume résumé cv curriculumvitae vitae curriculum lebenslauf europass
    personalinformation applicationform jobapplicationform application coverletter
    입사지원이력서 국문이력서 resumetemplate resumé cvtemplate curriculumvitæ biodata
    이력서양식 표준이력서 응시원서 currículum curriculovitae 個人履歷 자기소개 portfolio
    포트폴리오 이력서및자기소개서 이력서자기소개서 이력서경력기술서 lastupdated page
""".split()
)


def is_document_title(text: str) -> bool:
    """'이력서', 'Curriculum Vitae': what the paper is, not who or what for."""
    return squash(text) in _DOCUMENT


def section_kind(text: str) -> SectionKind | None:
    """The section that a line of exactly this text opens; None where it is no known heading."""
    if not 2 <= len(text) <= 48:
        return None
    plain = _NUMBERED.sub("", text).strip(" •·|:：<>[]【】■-–—_*#~")
    key = squash(plain)
    if key in _PAPERS:
        return None
    if key in _WHOLE:
        return _WHOLE[key]
    if re.search(r"[가-힣]", plain):
        return _korean(key)
    return _english(plain)


def _korean(key: str) -> SectionKind | None:
    for trimmed in (_KOREAN_TAIL.sub("", key), _KOREAN_HEAD.sub("", key)):
        if len(trimmed) >= 2 and trimmed in _WHOLE:
            return _WHOLE[trimmed]
    halves = re.split(r"및|과|와", key)
    if len(halves) == 2 and all(half in _WHOLE for half in halves):
        return _WHOLE[halves[0]]
    # a Korean heading with its English translation beside it
    korean = re.sub(r"[a-z]+", "", key)
    return _WHOLE.get(korean) if korean != key else None


def _english(plain: str) -> SectionKind | None:
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*|&|/", plain.casefold())
    if not 1 <= len(words) <= 6 or not plain[:1].isalpha() or re.search(r"\d|[.!?@]", plain):
        return None
    kinds = {_KIND_OF[word] for word in words if word in _KIND_OF}
    if not kinds or any(word not in _KIND_OF and word not in _MODIFIERS for word in words):
        return None
    if {"work", "employment"} & set(words) and not {"volunteer", "volunteering"} & set(words):
        return "work"
    return next(kind for kind in _PRIORITY if kind in kinds)


def loose_kind(text: str) -> SectionKind | None:
    """As ``section_kind``, also for headings of which only a part is known: 'Nursing Experience'.

    To be asked of what is set as a heading only: sentences hold such words too.
    """
    if kind := section_kind(text):
        return kind
    plain = " ".join(without_dates(_ASIDE.sub(" ", _NUMBERED.sub("", text))).split())
    plain = plain.strip(" •·|:：<>[]【】■-–—_*#~/")
    if kind := section_kind(plain):
        return kind
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", plain.casefold())
    if not 1 <= len(words) <= 6:
        return None
    if squash(words[0]) in _WHOLE and re.search(r"[가-힣]", words[0]):
        return _WHOLE[squash(words[0])]
    for word in (words[-1], words[0]):
        if word in _STEMS:
            return _STEMS[word]
    for stem, kind in _STEMS.items():
        if len(stem) >= 6 and words[-1].endswith(stem):
            return kind
    return None
