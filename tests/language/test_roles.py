"""Job titles as people write them, a hundred in each language, and where they belong."""

from __future__ import annotations

import pytest

from server.language import pack
from server.language.speech import GENERAL

ROLES = pack.shipped()
# A family and titles, as they stand on résumés.
KOREAN = """
security: 시니어 정보보안 엔지니어; 보안관제 요원(주니어); Security Engineer (보안 엔지니어)
security: 모의 해킹 전문가; 보안 솔루션 개발자
backend: 백엔드 개발자 (Java/Spring); Backend 개발자; 서버개발자 3년차; 파이썬 백엔드 엔지니어
backend: 결제 서버 개발자
frontend: 프론트엔드개발자; React 프론트 개발; 주니어 웹퍼블리셔
software: 안드로이드 앱 개발자; iOS 앱개발; 전산실 개발자; 게임 클라이언트 프로그래머
software: 풀스택 엔지니어; 물류 시스템 개발자; 금융권 SI 개발자
software: 교육 플랫폼 개발자; 병원 전산 개발자
data: 데이터분석가; 주니어 데이터 엔지니어; 마케팅 데이터 분석 담당; DATA 사이언티스트
data: 헬스케어 데이터 분석
ml: AI 엔지니어; 머신러닝 리서처; 딥러닝 모델 개발자; 추천시스템 엔지니어
devops: DevOps 엔지니어; 클라우드 인프라 담당자; 네트워크 엔지니어(경력); 서버 운영 담당
devops: 인프라 운영자
embedded: 임베디드 SW 개발자; 펌웨어개발; 차량 제어 임베디드 엔지니어; 로봇 제어 펌웨어
qa: QA 담당자; 게임 QA 테스터; 소프트웨어 QA
pm: 서비스기획자; 시니어 프로덕트 매니저(PM); IT 프로젝트 매니저; 신사업 전략기획
pm: 금융 서비스 기획자
design: UX/UI 디자이너; 시각디자이너; 브랜드 디자이너; 인테리어디자인 팀장; 패션 스타일 디자이너
marketing: 퍼포먼스마케터; 콘텐츠 마케팅 매니저; 홍보팀 대리; SNS 마케팅 담당; 온라인 마케터
marketing: 화장품 브랜드 마케팅
sales: B2B 영업사원; 해외영업 담당자; 기술영업 엔지니어; 부동산중개사; 의료기기 영업
sales: IT 솔루션 영업
hr: 인사팀 과장; 채용담당자; HR 매니저; 급여/4대보험 담당; 병원 인사담당
finance: 회계 담당자; 세무사무소 직원; 경리사원; 은행 창구 텔러; 재무팀장; 공인회계사(CPA)
finance: 병원 회계
support: 고객센터 상담사; CS 담당; 콜센터 상담원
nursing: 신규 간호사; 병동간호사; 중환자실 수간호사; 간호 조무사; 수술실 간호사
medical: 물리치료사 2년차; 치과위생사; 방사선사; 내과 전문의; 임상병리사; 한의사
pharmacy: 병원약사; 근무 약사; 약국 약사
care: 요양 보호사; 사회복지사 1급; 간병인; 아이돌보미
education: 초등학교 교사; 영어강사; 유치원 교사; 어린이집 보육교사; 수학학원 강사; 체육교사
education: 헬스트레이너; 학습지 교사
manufacturing: 생산직 사원; 품질관리(QC) 담당; 반도체 공정 엔지니어; 생산관리 대리
manufacturing: 식품공장 생산직; CNC 선반 가공; 화장품 생산; 식품 품질관리
welding: 용접사; 파이프 용접공; 조선소 용접기사; CO2 용접사
engineering: 기계설계 엔지니어; 전자회로 설계; 기구설계 연구원; 반도체 설계 엔지니어
maintenance: 자동차정비사; 설비보전 기사; 에어컨 설치기사; 전기기사; 전기공
construction: 건축기사; 현장소장; 토목 시공 엔지니어; 건축설계사; 도배사; 미장공
driving: 택배기사; 버스 운전기사; 화물차 운전원; 배달 라이더; 학원 차량 기사
guard: 아파트 경비원; 시설관리 직원; 건물 미화원; 보안요원; 경호원
cooking: 한식 조리사; 호텔 셰프; 제과제빵사; 학교 급식 조리원; 영양사; 초밥 요리사; 식당 주방장
hospitality: 호텔리어; 바리스타; 항공사 객실승무원; 여행사 직원; 홀서빙; 승무원 지망
beauty: 헤어디자이너; 네일아티스트; 메이크업 아티스트
retail: 편의점 점장; 매장 판매직; 마트 캐셔; 의류 매장 매니저; 백화점 판매사원; 슈퍼마켓 직원
logistics: 물류센터 사원; 구매담당자; 무역사무원; 지게차 기사; 수출입 통관 담당; 해외구매 담당
research: 바이오 연구원; 신약개발 연구원; 연구소 선임연구원; 박사후 연구원
legal: 공인 노무사; 사내변호사; 법무팀 사원; 변리사; 법률사무원
admin: 사무보조; 총무팀 사원; 임원비서; 일반사무직; 계약직 사무원; 건설사 사무보조
public: 9급 공무원; 소방 공무원; 경찰관; 공기업 행정직; 국가직 7급
media: 방송 PD; 영상편집자; 신문기자; 영한 번역가; 유튜브 영상 편집; 사진작가; 웹소설 작가
graduate: 신입사원; 대학생 인턴; 졸업예정자; 신입 지원
general: 일반; 상관없음; 대표이사; 무엇이든; 미정; 관리자
"""
ENGLISH = """
security: Senior Security Engineer; SOC Analyst (L2); Pen-Tester; Cyber Security Specialist
security: Security Software Engineer; Cybersecurity Intern
backend: Sr. Backend Engineer; Back-end Developer (Go); Java Software Developer
backend: Node.js Engineer; Backend Software Engineer
frontend: Front-End Engineer; Junior React Developer; Web Developer; Frontend Team Lead
software: Software Engineer II; iOS Engineer; Full-Stack Developer; Unity Game Programmer
software: Logistics Software Developer
data: Lead Data Analyst; Data Engineer, Payments; Marketing Data Analyst; Business Analyst
data: Healthcare Data Analyst
ml: Machine-Learning Engineer; Applied AI Scientist; NLP Engineer
ml: Machine Learning Software Engineer
devops: DevOps Lead; Site Reliability Engineer; Cloud Infrastructure Engineer; Sysadmin
devops: Cloud Engineer (AWS)
embedded: Embedded Systems Engineer; Firmware Developer; Embedded Software Engineer
qa: QA Automation Engineer; Senior Software Tester; Game Tester
pm: Technical Project Manager; Product Owner - Growth; Management Consultant
pm: Associate Product Manager; Construction Project Manager
design: Senior UX Designer; Graphic designer; Interior Design Lead; UX Researcher
marketing: Digital Marketing Manager; SEO Specialist; Head of Communications; Copy writer
marketing: Healthcare Marketing Manager
sales: Regional Sales Manager; Account Executive, EMEA; Sales Rep; Real-Estate Agent
sales: Medical Device Sales; Software Sales Executive; Shop Floor Sales Consultant
hr: HR Generalist; Talent Acquisition Partner; Technical Recruiter; Payroll Specialist
hr: Hospital HR Manager; Training Manager
finance: Senior Accountant; Tax Consultant; Financial Analyst; Accounts Payable Clerk
finance: Bank Teller; Hotel Accountant; Payroll Accountant
support: Customer Service Rep; Help-desk Technician; Customer Success Manager
support: Customer Support Lead
nursing: Registered Nurse (ICU); Staff Nurses; Paramedic; Theatre Nurse
medical: Physical Therapist; Dental Hygienist; Consultant Physician; Radiographer; Optometrist
pharmacy: Community Pharmacist; Pharmacy Tech; Pharmacist (relief)
care: Care Assistant, Nights; Social Worker; Home Health Aide; Nanny; Live-in Carer
education: Primary School Teacher; Maths Tutor; Kindergarten Teacher; Adjunct Lecturer
education: Music Teacher; Fitness Instructor
manufacturing: Production Line Operator; Quality Control Inspector; Process Engineer
manufacturing: CNC Machinist; Food Production Worker; Garment Factory Worker
welding: Pipe Welder; Certified Welder (6G); Underwater Welder
engineering: Mechanical Engineer; Hardware Design Engineer; Electrical Engineer
engineering: Design Engineer, Turbines
maintenance: Car Mechanic; Industrial Electrician; HVAC Tech; Maintenance Supervisor
maintenance: Lift Engineer
construction: Site Foreman; Civil Engineer; Architect; Apprentice Carpenter; Quantity Surveyor
construction: Bricklayer
driving: Long-haul Truck Driver; Bus driver; Amazon Delivery Courier; Airline Pilot
driving: School Bus Driver
guard: Night Security Guard; Facilities Manager; School Janitor; Hotel Housekeeper; Bodyguard
cooking: Sous-Chef; Line Cook; Pastry Chef; Artisan Baker; Sushi Chef
hospitality: Hotel Front-Desk Agent; Head Barista; Waitress; Flight Attendant
hospitality: Restaurant Manager; Restaurant Waiter
beauty: Hair Stylist; Barber; Make-up Artist; Makeup artist
retail: Assistant Store Manager; Supermarket Cashier; Sales Assistant; Retail Associate
retail: Bookshop Assistant
logistics: Warehouse Operative; Supply-Chain Planner; Procurement Officer; Forklift Operator
logistics: Import/Export Coordinator
research: Postdoctoral Researcher; Clinical Research Coordinator; Lab Scientist; Biologist
research: PhD Researcher in Biology
legal: Employment Lawyer; Junior Paralegal; Compliance Analyst; Labour Attorney; Tax Lawyer
admin: Executive Assistant to the CEO; Office Administrator; Data-entry Clerk; Receptionist
admin: School Secretary; Operations Assistant
public: Civil Servant; Police Officer; Fire-fighter; Policy Advisor; Government Clerk
media: Video Editor; Investigative Journalist; Freelance Translator; Photographer
media: Technical Writer; Freelance Writer; TV Producer
graduate: Recent Graduate; Summer Intern; Graduate Trainee; Intern
general: Anything; n/a; Chief Happiness Person; Manager; Director
"""


def titles(listed: str) -> list[tuple[str, str]]:
    """(title, family)."""
    return [
        (title.strip(), family)
        for line in listed.strip().splitlines()
        for family, _, written in (line.partition(": "),)
        for title in written.split(";")
    ]


@pytest.mark.parametrize("listed", [KOREAN, ENGLISH], ids=["ko", "en"])
def test_the_most_common_titles_find_their_family(listed: str) -> None:
    asked = titles(listed)
    assert len(asked) >= 100
    wrong = [(title, want, got) for title, want in asked if (got := ROLES.family(title)) != want]
    assert len(wrong) <= 0.05 * len(asked), wrong


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("보안 솔루션 영업", "sales"),
        ("Security Sales Manager", "sales"),
        ("Engineering Manager, Data Platform", "software"),
        ("개발자 신입", "software"),
        ("Nurse (security clearance)", "nursing"),
        ("security", "security"),
        ("insecurity", GENERAL),
        ("", GENERAL),
        ("\x00" * 5000, GENERAL),
        ("간호사" * 5000, "nursing"),
    ],
)
def test_the_head_of_a_title_decides(title: str, family: str) -> None:
    assert ROLES.family(title) == family
