"""What forms and résumés call things: labels in front of a value, in any common spelling."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

LabelKind = Literal[
    "role", "weak_role", "objective", "company", "name", "name_alt", "reading", "email", "phone",
    "address", "other",
]  # fmt: skip

_UNWORDED = re.compile(r"[\W_]+")
_PARENTHESES = re.compile(r"[(（\[][^)）\]\n]{0,300}[)）\]]")


def squash(text: str) -> str:
    """Letters and digits only, in small letters: '지원 직무 :' and '지원직무' become equal."""
    return _UNWORDED.sub("", unicodedata.normalize("NFKC", text).casefold())


_WORDS: dict[LabelKind, str] = {
    # a label of these says what is applied for
    "role": """
        지원직무 지원분야 지원부문 지원포지션 지원직종 지원업무 지원파트 지원직군 지원직책
        지원직위 지원모집분야 지원희망분야 지원분야및직무 지원직무분야 희망직무 희망직종
        희망포지션 희망분야 희망업무 희망직 희망직군 희망직책 희망직업 희망부서 희망보직
        희망업종및직종 지원부서 응시분야 응시직무 응시직종 응시부문 응시직렬 응시직류
        지원직렬 목표직무 목표직종 목표포지션 모집분야 모집부문 모집직무 모집직종 채용분야
        채용부문 채용직무 입사희망분야 입사지원분야 지원역할 positionappliedfor
        positionapplied positionapplyingfor positionappliedto positionsought positiondesired
        positionofinterest appliedposition applyingposition applyingfor applyingforposition
        applyingforthepositionof applicationfor applicationforthepositionof
        applicationposition jobappliedfor jobapplied jobapplyingfor jobposition jobobjective
        jobtarget targetrole targetposition targetjob targetjobtitle targettitle
        desiredposition desiredjob desiredjobtitle desiredrole desiredoccupation
        desiredcareer desiredjobposition preferredjob preferredposition preferredrole
        preferredjobtitle preferredoccupation rolesought roleappliedfor roleapplied
        roleofinterest rolesofinterest postappliedfor appliedfor appliedrole
        occupationaltarget expectedposition expectedjob professionaltitle positionwanted
        jobwanted 求职意向 求职目标 应聘职位 应聘岗位 应聘意向 期望职位 期望岗位 意向岗位
        意向职位 目标职位 目标岗位 申请职位 申请岗位 求職意向 應徵職務 應徵職位 希望職務
        希望職稱 希望職種 応募職種 希望職 希望業務 応募ポジション 希望ポジション 志望職種
        angestrebteposition bewerbungals gewünschteposition posteviséposterecherché
        posterecherché postevisé emploirecherché puestodeseado puestosolicitado
        cargopretendido vagapretendida
    """,
    # only in the header: elsewhere they describe a past job
    "weak_role": "직무 "
    "직군 포지션 직종 희망직무분야 position role jobtitle title occupation 职位 職種",
    "objective": "objective careerobjective professionalobjective employmentobjective careergoal",
    "company": """
        지원회사 지원기업 지원업체 지원처 지원기관 희망회사 희망기업 응시기관 지원회사명 지원기업명
        companyappliedto companyappliedfor targetcompany desiredcompany applyingto 应聘公司 応募先
        応募企業 志望企業
    """,
    "name": """
        이름 성명 한글이름 한글성명 성명한글 이름한글 국문이름 국문성명 지원자 지원자명 지원자성명
        name fullname candidatename applicantname nameofapplicant nameinfull firstnameslastnames
        氏名 名前 姓名 お名前 nom nombre nome namen vollständigername
    """,
    "name_alt": """
        영문이름 영문성명 성명영문 이름영문 영문명 영문 영어이름 한자 한자이름 한자성명
        성명한자 한자명 이름한자 englishname koreanname chinesename 英文名
    """,
    "reading": "ふりがな フリガナ furigana",
    "email": """
        이메일 이메일주소 전자우편 전자메일 메일 메일주소 email emailaddress emails mail
        邮箱 电子邮件 电子邮箱 邮件 電子郵件 メール メールアドレス correo correoelectrónico
        courriel
    """,
    "phone": """
        연락처 휴대폰 휴대전화 핸드폰 전화 전화번호 휴대폰번호 휴대전화번호 핸드폰번호 긴급연락처
        비상연락처 phone telephone tel mobile cell cellphone phonenumber mobilenumber contactnumber
        mobilephone contact 电话 手机 联系电话 联系方式 電話 電話番号 携帯 携帯電話 連絡先
    """,
    "address": """
        주소 현주소 거주지 거주지역 주소지 자택주소 address location residence homeaddress city 地址
        现居住地 住所 現住所 所在地
    """,
    # never a role, though some sound like one: they end a value and are never one
    "other": """
        생년월일 생일 나이 연령 성별 국적 병역 병역사항 군필여부 결혼여부 혼인여부 가족관계
        취미 특기 종교 신장 체중 혈액형 장애여부 보훈여부 보훈대상 주민등록번호 사진 학력
        최종학력 학교 학교명 전공 학과 학점 경력 총경력 경력기간 근무기간 재직기간 기간 회사
        회사명 근무처 직장명 직위 직급 직책 소속 부서 부서명 담당업무 담당직무 주요업무
        업무내용 직무내용 수행업무 역할 기술 기술스택 사용기술 보유기술 관심분야 연구분야
        개발분야 전문분야 희망연봉 현재연봉 연봉 희망급여 희망근무지 희망지역 희망근무지역
        근무지 근무형태 고용형태 희망근무형태 입사가능일 입사구분 지원구분 구분 지원경로
        지원일 지원일자 작성일 작성일자 지원동기 홈페이지 블로그 깃허브 github blog website
        web homepage linkedin portfolio url sns dateofbirth birthdate birthday born age
        gender sex nationality citizenship maritalstatus religion visastatus visa passport
        department company employer dates date duration period team stack technologies
        skills languages language gpa degree major salary expectedsalary availability
        noticeperiod references interests responsibilities 专业 学历 毕业院校 出生年月 年龄
        性别 籍贯 民族 政治面貌 工作年限 期望薪资 期望城市 工作经验 生年月日 年齢 性別 国籍
        学歴 職歴 志望動機 本人希望記入欄 本人希望欄 配偶者 扶養家族数 通勤時間 최종학교
        졸업 수험번호 응시번호 접수번호 재학상태 자격증 어학 수상
    """,
}

LABELS: dict[str, LabelKind] = {
    squash(word): kind for kind, words in _WORDS.items() for word in words.split()
}


def label_kind(text: str) -> LabelKind | None:
    """The kind of label that the whole text is; parenthesised remarks do not count."""
    if len(text) > 60:
        return None
    kind = LABELS.get(squash(text))
    if kind is None and ("(" in text or "[" in text):
        kind = LABELS.get(squash(_PARENTHESES.sub("", text)))
    return kind
