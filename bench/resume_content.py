"""Made-up people with what their résumés tell, in six languages; nothing of it is about anybody.

``make_person`` gives the same person for the same dice. Every value that a reader should find is a
plain text here; how it is set on a page is the business of ``bench.resume_layouts``.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

LANGUAGES = ("en", "ko", "de", "ja", "zh", "fr")

Date = tuple[int, int]
"""Year and month; (0, 0) is now."""
NOW: Date = (0, 0)


@dataclass
class Job:
    org: str
    title: str
    place: str
    start: Date
    end: Date
    body: list[str]
    dept: str = ""


@dataclass
class School:
    org: str
    degree: str
    area: str
    place: str
    start: Date
    end: Date
    score: str = ""
    body: list[str] = field(default_factory=list)


@dataclass
class Work:
    """A project."""

    name: str
    role: str
    start: Date
    end: Date
    tech: str
    body: list[str]


@dataclass
class Person:
    language: str
    name: str
    role: str | None
    email: str
    phone: str
    place: str
    summary: str
    jobs: list[Job]
    schools: list[School]
    projects: list[Work]
    skills: list[tuple[str, list[str]]]
    spoken: list[tuple[str, str]]
    certificates: list[tuple[str, str, Date]]
    awards: list[tuple[str, str, Date]]
    others: list[tuple[str, list[str]]]


NAMES = {
    "en": "Dana Whitlock|Imogen Farrow|Tobias Greenhalgh|Priya Raman|Marcus O'Dell|Lena Sorrel|"
    "Owen Castellan|Ruth Adeyemi|Felix Brandt|Mei Tanaka|Sofia Duarte|Karim Haddad|Nora Lindqvist",
    "ko": "김서윤|박도현|이하늘|최민재|정다은|강지호|윤서아|장현우|임채원|한승민|오유진|남궁민수|배준영|송가람",
    "de": "Anna Lehmann|Jonas Vogel|Katrin Schäfer|Lukas Brenner|Miriam Köhler|Stefan Hartwig",
    "ja": "佐藤 健一|鈴木 美咲|高橋 翔太|田中 由美|伊藤 大輔|渡辺 さくら",
    "zh": "王晓明|李思远|张雨晴|刘子豪|陈佳怡|赵文博",
    "fr": "Camille Laurent|Hugo Mercier|Élodie Fournier|Antoine Girard|Chloé Perrin",
}
ORG_STEMS = {
    "en": "Northgate|Bluefern|Halden|Quarry Lane|Ostrava|Pinnacle|Redwood|Saltmarsh|Tidewater|"
    "Umbra|Vantage|Willowbrook|Yarrow|Zephyr|Arclight|Brightwell|Copperline|Duskfield|Evermore|"
    "Foxglove|Granite Peak|Harborview|Ironbark|Juniper|Kestrel|Lumen|Morrow|Nimbus|Oakhurst",
    "ko": "가온|나래|다솔|라온|마루|바름|새솔|아람|자람|차오름|큰별|푸른솔|한빛누리|해솔|이음|모두|"
    "온누리|하늘빛|누리봄|빛가람|도담|미르|슬기|여울|예그린",
    "de": "Nordlicht|Waldheim|Bergmann|Rheinblick|Steinbach|Falkenberg|Lindner|Seehof|Hansa",
    "ja": "青空|桜井|富士見|未来|日向|山吹|若葉|東雲|みなと",
    "zh": "蓝海|星辰|云端|恒远|博雅|智联|华盛|天元|晨光",
    "fr": "Belvédère|Lumière|Montclair|Rivage|Sablon|Valmont|Clairval|Horizon",
}
ORG_FORMS = {
    "en": "{} Inc.|{} Ltd|{} Corp|{} Systems|{} Labs|{} Technologies|{} Health|{} Group|{}|{}|{}|{} & Co|"
    "{} Logistics|{} Media|{} Bank|{} Hospital|{} Consulting|University of {}|{}, Inc.|{} Software LLC|"
    "The {} Company|{} Restaurant|{} Schools|City of {}|{}.io",
    "ko": "(주){}|주식회사 {}|{}소프트|{}테크|{}전자|{}|{}|{}시스템즈|{}커머스|㈜{}|{}은행|{}병원|{}연구소|"
    "{}랩스|{}건설|{}물류|{} 주식회사|{}디자인|{}컴퍼니|한국{}공단|{}(주)|{}네트웍스|재단법인 {}재단",
    "de": "{} GmbH|{} AG|{} GmbH & Co. KG|{} Software GmbH|Klinikum {}|{} KG|Stadtwerke {}",
    "ja": "株式会社{}|{}株式会社|{}システム株式会社|有限会社{}|{}電機株式会社",
    "zh": "{}科技有限公司|{}信息技术有限公司|{}网络科技|{}集团|上海{}软件有限公司|{}银行",
    "fr": "{} SA|{} SARL|Groupe {}|{} Conseil|Banque {}|{}",
}
TITLES = {
    "en": "Software Engineer|Senior Software Engineer|Data Analyst|Product Manager|Registered Nurse|"
    "Marketing Coordinator|Accountant|Graduate Research Assistant|Teaching Assistant|Barista|"
    "Mechanical Engineer|UX Designer|Customer Support Specialist|Sales Associate|Staff Accountant|"
    "DevOps Engineer|Project Lead|Intern|Research Intern|Lead Data Scientist|Warehouse Operator|"
    "Head of Operations|VP of Engineering|Electrician|Office Manager|Freelance Illustrator|"
    "Founder & CEO|Machine Learning Engineer|Technical Writer|Line Cook|Store Manager|QA Engineer|"
    "Executive Assistant to the CEO|Software Engineering Intern|Business Development Manager|"
    "Full Stack Developer|Systems Administrator|Human Resources Generalist|Clinical Data Manager",
    "ko": "백엔드 개발자|프론트엔드 개발자|사원|대리|과장|주임|팀장|연구원|선임연구원|데이터 분석가|"
    "마케팅 담당자|인사 담당자|서버 개발|간호사|회계 담당|품질관리 담당|인턴|UX 디자이너|영업 대리|"
    "Backend Engineer|iOS 개발자|플랫폼 개발자|책임|선임|차장|부장|매니저|총무팀 사원|생산관리 주임",
    "de": "Softwareentwickler|Projektleiterin|Sachbearbeiter Buchhaltung|Pflegefachkraft|Werkstudentin|"
    "Praktikant|Vertriebsmitarbeiter|Systemadministrator|Kaufmännische Angestellte|Elektroniker",
    "ja": "システムエンジニア|営業職|プロジェクトマネージャー|事務職|開発エンジニア|主任|課長",
    "zh": "后端开发工程师|产品经理|数据分析师|前端工程师|市场专员|测试工程师|运营实习生|会计",
    "fr": "Ingénieur logiciel|Cheffe de projet|Développeur web|Assistante de direction|Comptable|"
    "Chargé de communication|Stagiaire en marketing|Infirmière",
}
DEPTS = {
    "ko": "개발팀|솔루션사업부|플랫폼개발본부|인사팀|마케팅본부|기술연구소|영업1팀|품질팀|서비스개발실",
    "en": "Platform Team|Payments|Growth|Infrastructure",
    "ja": "開発部|営業部|総務部", "zh": "技术部|研发中心|市场部", "de": "Abteilung IT|Vertrieb",
    "fr": "Service informatique|Direction commerciale",
}  # fmt: skip
PLACES = {
    "en": "Springfield, IL|Austin, TX|London, UK|Remote|Portland, OR|New York, NY|Toronto, Canada|"
    "Bristol|San Francisco, CA|Dublin, Ireland|Denver, Colorado|Sydney, Australia",
    "ko": "서울|경기 성남시|부산|판교|대전|서울시 강남구|원격",
    "de": "Berlin|München|Zürich|Hamburg|Köln|Stuttgart",
    "ja": "東京都|大阪府|福岡市", "zh": "北京|上海|深圳|杭州", "fr": "Paris|Lyon|Nantes|Toulouse",
}  # fmt: skip
SCHOOLS = {
    "en": "University of {}|{} State University|{} College|{} Institute of Technology|{} University|"
    "{} Community College|{} High School|{} School of Design",
    "ko": "{}대학교|{}과학기술대학교|{}여자대학교|{}고등학교|{}대학교 대학원|{}전문대학|{}직업전문학교",
    "de": "Universität {}|Technische Universität {}|Hochschule {}|Gymnasium {}|Berufsschule {}",
    "ja": "{}大学|{}工業大学|{}高等学校|{}専門学校", "zh": "{}大学|{}理工大学|{}师范大学|{}职业技术学院",
    "fr": "Université de {}|École d'ingénieurs {}|Lycée {}|IUT de {}",
}  # fmt: skip
DEGREES = {
    "en": "B.S.|Bachelor of Science|BA|Master of Science|M.S.|Ph.D.|Associate Degree|MBA|B.Sc. (Hons)|"
    "Diploma|Bachelor's degree|Minor|B.Tech",
    "ko": "학사|석사|졸업|전문학사|박사|졸업예정|수료|재학",
    "de": "Bachelor of Science|Master of Science|Abitur|Diplom|Ausbildung", "ja": "学士|修士|卒業",
    "zh": "本科|硕士|学士|大专", "fr": "Licence|Master|Baccalauréat|Diplôme d'ingénieur|DUT",
}  # fmt: skip
AREAS = {
    "en": "Computer Science|Economics|Nursing|Mechanical Engineering|Graphic Design|Linguistics|"
    "Business Administration|Electrical and Computer Engineering|Psychology|Data Science",
    "ko": "컴퓨터공학과|경영학과|전자공학부|간호학과|시각디자인학과|산업공학과|통계학과|소프트웨어학부",
    "de": "Informatik|Betriebswirtschaftslehre|Maschinenbau|Elektrotechnik",
    "ja": "工学部 情報工学科|経済学部 経済学科|文学部|理学部 数学科",
    "zh": "计算机科学与技术|软件工程|会计学|市场营销", "fr": "Informatique|Gestion|Génie civil|Droit",
}  # fmt: skip
SENTENCES = {
    "en": "Built a billing service that handled {n} requests per second|Led a team of {n} engineers|"
    "Reduced page load time by {n}% with caching and lazy loading|Wrote nightly exports for finance|"
    "Migrated {n} services from virtual machines to Kubernetes in {y}|Trained new staff on the ward|"
    "Answered about {n} customer calls a day and kept satisfaction above 95%|Ran weekly planning|"
    "Designed the onboarding flow used by {n} customers since {y}|Won the employee award in {y}|"
    "Prepared monthly reports and reconciled accounts, working with auditors from Deloitte|"
    "Collaborated with the design team and the head of product to define the roadmap|"
    "Implemented search with Elasticsearch, Python and Redis; cut costs by {n}%|Managed inventory|"
    "Presented findings at an internal conference in {y}, with a prize of the company|Fixed bugs|"
    "Developed REST APIs in Java and Spring Boot for the mobile app|Maintained CI/CD pipelines",
    "ko": "결제 서버를 개발하고 초당 {n}건의 요청을 처리했습니다.|신규 회원 {n}% 증가에 기여|"
    "{y}년 사내 우수 사원상을 받았습니다.|배포 자동화로 배포 시간을 {n}% 단축|관리자 화면 개발 및 유지보수|"
    "월간 보고서 작성 및 예산 관리|고객 문의 응대와 데이터 정리|Spring Boot와 MySQL 기반 API 개발|"
    "모니터링 체계를 구축하여 장애 대응 시간을 줄임|{y}년부터 사용 중인 추천 서비스를 설계|재고 및 물류 관리|"
    "팀원 {n}명과 협업하며 코드 리뷰 문화를 정착|React 기반 웹 프론트엔드 개발|품질 검사 및 개선 활동",
    "de": "Entwicklung einer Webanwendung mit {n} Nutzern|Betreuung von {n} Kunden im Innendienst|"
    "Einführung eines neuen Systems im Jahr {y}|Pflege der Datenbank|Leitung eines Teams von {n} Personen|"
    "Erstellung von Monatsabschlüssen und Berichten|Schulung neuer Mitarbeiter",
    "ja": "決済システムの開発を担当しました。|新規顧客{n}社を獲得|{y}年に社内表彰を受賞|"
    "{n}名のチームのリーダーを務めました|保守・運用業務",
    "zh": "负责支付系统的后端开发，日均请求{n}万次|带领{n}人团队完成项目|优化查询性能，响应时间降低{n}%|"
    "{y}年获得公司优秀员工|编写自动化测试与文档",
    "fr": "Développement d'une application utilisée par {n} clients|Gestion d'une équipe de {n} personnes|"
    "Mise en place d'un nouvel outil en {y}|Rédaction de rapports mensuels|Suivi des fournisseurs",
}
SKILLS = (
    "Python|Java|C++|JavaScript|TypeScript|React|Node.js|Spring Boot|PostgreSQL|Redis|Docker|Kubernetes|"
    "AWS (ECS, Lambda)|Git|Linux|Figma|Excel|SQL|Terraform|GraphQL|Django|FastAPI|Swift|Kotlin|Go|Rust|"
    "Machine Learning|Public Speaking|Project Management|Hybrid Search (Vector + Text)|Photoshop|SAP|"
    "CI/CD|REST API|HTML/CSS|Adobe Illustrator|Jira|Data Analysis|MATLAB|R"
).split("|")
GROUPS = {
    "en": "Languages|Frameworks|Tools|Databases|Cloud|Soft skills|Other",
    "ko": "언어|프레임워크|데이터베이스|인프라|협업 도구|Backend|Frontend",
    "de": "Programmiersprachen|Werkzeuge|Datenbanken", "ja": "言語|ツール|データベース",
    "zh": "编程语言|框架|数据库|工具", "fr": "Langages|Outils|Bases de données",
}  # fmt: skip
SPOKEN = {
    "en": "English:Native|Spanish:Intermediate|French:Basic|German:B2|Mandarin:Professional working",
    "ko": "영어:일상회화|일본어:비즈니스|중국어:초급|영어:TOEIC 900|한국어:원어민",
    "de": "Deutsch:Muttersprache|Englisch:fließend|Französisch:Grundkenntnisse|Spanisch:B1",
    "ja": "英語:ビジネスレベル|日本語:母語|中国語:日常会話", "zh": "英语:CET-6|日语:N2|普通话:母语",
    "fr": "Français:langue maternelle|Anglais:courant|Espagnol:intermédiaire",
}  # fmt: skip
CERTIFICATES = {
    "en": "AWS Certified Solutions Architect/Amazon|CPA/State Board|Basic Life Support/Red Cross|"
    "Scrum Master/Scrum Alliance|Google Analytics/Google",
    "ko": "정보처리기사/한국산업인력공단|SQLD/한국데이터산업진흥원|컴퓨터활용능력 1급/대한상공회의소|"
    "운전면허 1종 보통/경찰청|리눅스마스터 2급/KAIT",
    "de": "Führerschein Klasse B/Stadt Köln|ITIL Foundation/Axelos", "zh": "软件设计师/工信部|英语六级/教育部",
    "ja": "基本情報技術者試験/IPA|日商簿記検定2級/商工会議所", "fr": "TOEIC 900/ETS|Permis B/Préfecture",
}  # fmt: skip
AWARDS = {
    "en": "Dean's List/Faculty of Science|Hackathon Winner/HackNorth|Employee of the Month/Store 12",
    "ko": "최우수상, 교내 해커톤/총장|장려상/한국정보학회|우수사원상/대표이사",
    "de": "Stipendium der Stiftung/Stiftung Nord", "ja": "社長賞/社長", "zh": "国家奖学金/教育部|优秀毕业生/学校",
    "fr": "Prix de l'innovation/Région",
}  # fmt: skip
PROJECT_NAMES = {
    "en": "Parking Kiosk|Weather Buddy|Open Ledger|Recipe Finder|Traffic Vision|Campus Map|Chatter|"
    "Portfolio Optimizer|Smart Garden|Typing Tutor",
    "ko": "무인 주차 정산 시스템|동네 중고 장터|실시간 채팅 서비스|영화 추천 서비스|스마트 팜 모니터링|"
    "사내 예약 시스템|식단 관리 앱|Code Mate",
    "de": "Bibliotheksverwaltung|Fahrplan-App", "ja": "在庫管理システム|予約アプリ", "zh": "校园二手平台|图像识别系统|在线商城",
    "fr": "Gestion de stock|Carte interactive",
}  # fmt: skip
PROJECT_ROLES = {
    "en": "Developer|Team Lead|Backend|Designer", "ko": "백엔드 개발|팀장|프론트엔드 개발|기획",
    "de": "Entwickler", "ja": "リーダー", "zh": "后端开发|组长", "fr": "Développeur",
}  # fmt: skip
SUMMARIES = {
    "en": "I enjoy careful work with others and have done so since {y}.|Reliable colleague with a taste "
    "for simple solutions and clear writing, {n} years of practice.",
    "ko": "꼼꼼하게 일하며 동료와 함께 성장하는 것을 좋아합니다.|{n}년 동안 서비스를 만들며 문제를 해결해 왔습니다.",
    "de": "Zuverlässig und lernbereit, seit {y} in der Branche.", "ja": "責任感を持って業務に取り組みます。",
    "zh": "工作认真负责，善于沟通，有{n}年经验。", "fr": "Sérieuse et curieuse, j'aime le travail en équipe.",
}  # fmt: skip


def pick(dice: random.Random, table: dict[str, str], language: str) -> str:
    return dice.choice(table[language].split("|"))


def org_name(dice: random.Random, language: str) -> str:
    own = language if dice.random() < 0.85 else "en"
    return pick(dice, ORG_FORMS, own).format(pick(dice, ORG_STEMS, own))


def sentences(dice: random.Random, language: str, least: int, most: int) -> list[str]:
    chosen = dice.sample(SENTENCES[language].split("|"), min(dice.randint(least, most), 5))
    return [
        each.format(n=dice.randint(3, 98), y=dice.randint(2009, 2023)) for each in chosen
    ]


def make_person(dice: random.Random, language: str) -> Person:
    now = 2025
    jobs: list[Job] = []
    year, month = now, dice.randint(1, 12)
    for number in range(dice.choice([1, 2, 2, 3, 3, 4, 5, 6])):
        end = NOW if number == 0 and dice.random() < 0.6 else (year, month)
        months = dice.randint(2, 50)
        at = year * 12 + month - 1 - months
        start = (at // 12, at % 12 + 1)
        gap = at - dice.choice([0, 1, 3, 6])
        year, month = gap // 12, gap % 12 + 1
        least = dice.choice([0, 1, 1, 2])
        jobs.append(
            Job(org_name(dice, language), pick(dice, TITLES, language), pick(dice, PLACES, language),
                start, end, sentences(dice, language, least, 4),
                pick(dice, DEPTS, language) if dice.random() < 0.4 else "")
        )  # fmt: skip
    schools: list[School] = []
    year = min(year, 2019)
    for _ in range(dice.choice([1, 1, 2, 2, 3])):
        stem = pick(dice, ORG_STEMS, language)
        schools.append(
            School(pick(dice, SCHOOLS, language).format(stem), pick(dice, DEGREES, language),
                   pick(dice, AREAS, language), pick(dice, PLACES, language),
                   (year - 4, dice.choice([3, 4, 9, 10])), (year, dice.choice([2, 3, 6, 7])),
                   dice.choice(["", "", "3.8/4.0", "4.1/4.5", "3.52 / 4.5"]),
                   sentences(dice, language, 0, 1) if dice.random() < 0.3 else [])
        )  # fmt: skip
        year -= 4
    return Person(
        language=language,
        name=pick(dice, NAMES, language),
        role=pick(dice, TITLES, language) if dice.random() < 0.6 else None,
        email=f"{dice.choice(['hello', 'contact.me', 'work', 'me.1991'])}@example.com",
        phone="010-1234-5678" if language == "ko" else "+44 20 7946 0958",
        place=pick(dice, PLACES, language),
        summary=" ".join(
            each.format(n=dice.randint(2, 15), y=dice.randint(2009, 2020))
            for each in dice.sample(SUMMARIES[language].split("|"), 1)
        ),
        jobs=jobs,
        schools=schools,
        projects=_projects(dice, language),
        skills=_skills(dice, language),
        spoken=_spoken(dice, language),
        certificates=_listed(dice, CERTIFICATES, language),
        awards=_listed(dice, AWARDS, language),
        others=_others(dice, language),
    )


def _projects(dice: random.Random, language: str) -> list[Work]:
    names = PROJECT_NAMES[language].split("|")
    found = []
    for name in dice.sample(names, min(dice.choice([0, 1, 2, 3, 4]), len(names))):
        year, month = dice.randint(2015, 2023), dice.randint(1, 9)
        found.append(
            Work(name, pick(dice, PROJECT_ROLES, language), (year, month),
                 (year, month + dice.randint(1, 3)), ", ".join(dice.sample(SKILLS, 3)),
                 sentences(dice, language, 1, 3))
        )  # fmt: skip
    return found


def _skills(dice: random.Random, language: str) -> list[tuple[str, list[str]]]:
    groups = dice.sample(GROUPS[language].split("|"), dice.choice([1, 2, 3]))
    chosen = dice.sample(SKILLS, dice.randint(5, 16))
    size = -(-len(chosen) // len(groups))
    cut = [chosen[at : at + size] for at in range(0, len(chosen), size)]
    return list(zip(groups, cut, strict=False))


def _spoken(dice: random.Random, language: str) -> list[tuple[str, str]]:
    listed = [each.split(":") for each in SPOKEN[language].split("|")]
    found = {one: level for one, level in dice.sample(listed, dice.choice([0, 1, 2, 2]))}
    return list(found.items())


def _listed(
    dice: random.Random, table: dict[str, str], language: str
) -> list[tuple[str, str, Date]]:
    listed = table[language].split("|")
    found = []
    for each in dice.sample(listed, min(dice.choice([0, 0, 1, 2]), len(listed))):
        name, issuer = each.rsplit("/", 1)
        found.append((name, issuer, (dice.randint(2012, 2023), dice.randint(1, 12))))
    return found


OTHERS = {
    "en": "Publications|Volunteering|Interests|References|Military Service|Hobbies & Curiosities|"
    "Conference Talks|What drives me|Campus Involvement|Additional Information",
    "ko": "병역사항|취미 및 특기|대외활동|교육 이수|논문|나를 움직이는 것|봉사활동|링크",
    "de": "Hobbys|Ehrenamt|Veröffentlichungen|Sonstiges", "ja": "趣味・特技|自己PR|その他",
    "zh": "自我评价|兴趣爱好|校园经历|其他", "fr": "Centres d'intérêt|Bénévolat|Divers",
}  # fmt: skip


def _others(dice: random.Random, language: str) -> list[tuple[str, list[str]]]:
    titles = dice.sample(OTHERS[language].split("|"), dice.choice([0, 1, 1, 2]))
    return [(title, sentences(dice, language, 1, 3)) for title in titles]
