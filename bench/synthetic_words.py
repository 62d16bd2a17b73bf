"""Names, roles, labels and traps that made-up résumés are written with."""

from __future__ import annotations

NAMES = {
    "en": [
        "Maren Oduya",
        "Tobias K. Lindqvist",
        "Priya Raghunathan",
        "Jean-Luc O'Brien",
        "Wei Zhang",
        "Ana de la Cruz",
        "Sigrid Aas",
        "Malik Johnson III",
        "Chloé Dubois",
        "Yusuf Demir",
    ],
    "ko": [
        "정다은",
        "김서윤",
        "남궁혁",
        "박준",
        "최하람",
        "이도현",
        "황보라미",
        "문채원",
        "배성우",
        "하예린",
    ],
}
ROLES = {
    "en": [
        "Backend Engineer",
        "Senior Data Scientist",
        "Registered Nurse",
        "Product Manager",
        "UX Designer",
        "Head of Marketing",
        "iOS Developer",
        "Civil Engineer",
        "Account Executive",
        "Site Reliability Engineer",
        "Game Designer & Illustrator",
        "Machine Learning Researcher",
        "Executive Assistant",
        "QA Engineer",
    ],
    "ko": [
        "백엔드 개발자",
        "데이터 분석가",
        "간호사",
        "서비스 기획자",
        "UI/UX 디자이너",
        "정보보안 엔지니어",
        "퍼포먼스 마케터",
        "프론트엔드 개발자",
        "회계 담당자",
        "반도체 공정 엔지니어",
        "광고 기획자",
        "게임 클라이언트 프로그래머",
    ],
}
FIELDS_OF_WORK = [
    "영업관리",
    "소프트웨어 개발",
    "인사총무",
    "해외영업",
    "품질관리",
    "연구개발",
    "생산기술",
]
ODD = [
    "Falconer",
    "Cheesemonger",
    "Storm Chaser",
    "Beekeeping Visionary",
    "Sommelier",
    "Clockmaker",
]
PAST = {
    "en": ["Web Developer", "Sales Manager", "Research Assistant", "Support Specialist", "Intern"],
    "ko": ["인턴", "웹 개발자", "영업 담당자", "연구원", "매니저"],
}
ROLE_LABELS = {
    "ko": [
        "지원직무",
        "지원 분야",
        "지원부문",
        "희망직무",
        "희망 포지션",
        "응시분야",
        "목표 직무",
        "지원 직무 분야",
    ],
    "en": [
        "Position Applied For",
        "Desired Position",
        "Target Role",
        "Applying for",
        "Job applied for",
    ],
}
NAME_LABELS = {"ko": ["성명", "이름", "성    명", "한글 이름"], "en": ["Name", "Full Name"]}
MAIL_LABELS = {"ko": ["이메일", "E-mail", "전자우편"], "en": ["Email", "E-mail"]}
TRAPS = {
    "ko": [
        ("관심 분야", "클라우드 보안"),
        ("지원동기", "성장하고 싶어서"),
        ("담당업무", "서버 개발자 교육"),
        ("직무내용", "데이터 분석"),
        ("희망연봉", "4,000만원"),
        ("희망 근무지", "서울"),
        ("직위", "대리"),
    ],
    "en": [
        ("Interests", "Embedded systems"),
        ("Responsibilities", "Lead engineer duties"),
        ("Current employer", "Northwind"),
        ("Notice period", "2 months"),
    ],
}
HEADINGS = {
    "en": {
        "work": ["Work Experience", "EXPERIENCE", "Employment History", "Professional Experience"],
        "education": ["Education", "EDUCATION"],
        "skills": ["Skills", "Technical Skills"],
        "projects": ["Projects", "Selected Projects"],
        "references": ["References"],
        "objective": ["Objective", "Career Objective", "OBJECTIVE"],
    },
    "ko": {
        "work": ["경력사항", "경력", "주요 경력", "경 력 사 항"],
        "education": ["학력", "학력사항"],
        "skills": ["보유기술", "기술 스택", "핵심역량"],
        "projects": ["프로젝트", "프로젝트 경험"],
        "references": ["추천인"],
        "objective": ["희망사항"],
    },
}
CITIES = {
    "en": ["Lisbon, Portugal", "Austin, TX", "Kraków, Poland"],
    "ko": ["서울특별시 마포구", "경기도 성남시 분당구"],
}
TAGLINES = {
    "en": [
        "{role} with 8 years of experience in public transport",
        "{role} passionate about calm software",
        "I am a {role} who enjoys hard problems",
        "Creative {role} focused on accessibility",
    ],
    "ko": [
        "사용자를 먼저 생각하는 {role}",
        "안녕하세요, 끝까지 파고드는 {role}입니다.",
        "데이터로 말하는 {role}입니다",
        "문제 해결을 즐기는 {role}",
    ],
}
OBJECTIVES = {
    "en": [
        "Seeking a {role} position at a company that values craft.",
        "To work as a {role} in a small team.",
        "To obtain a challenging position as a {role} where I can grow.",
    ],
    "ko": ["{role} 직무에 지원합니다.", "꼼꼼함을 살려 일하고 싶은 {role}입니다."],
}
