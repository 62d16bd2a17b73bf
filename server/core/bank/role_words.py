"""Words of job titles, Korean and English, and the family each speaks for."""

from __future__ import annotations

from server.core.lists.patterns import joined

# (family, weight, pattern). The heaviest match wins; among equals the one that ends last, as the
# head of a job title comes last: 보안 솔루션 영업 sells, Marketing Data Analyst analyses data.
# Korean patterns are matched without any spaces, English ones between word boundaries.
KOREAN: tuple[tuple[str, int, str], ...] = (
    (
        "general",
        9,
        joined(r"""
        보안요원|보안검색|경비|교육생
        """),
    ),
    (
        "security",
        3,
        joined(r"""
        정보보[안호]|보안(관제|엔지니어|담당|개발|분석|컨설|전문|운영|직|관리|아키|솔루션)
        |모의해킹|침해(사고|대응)|취약점|악성코드|사이버|개인정보|화이트해커|정보시스템감사
        |네트워크보안|클라우드보안|보안$
        """),
    ),
    (
        "security",
        2,
        joined(r"""
        보안|해킹
        """),
    ),
    (
        "ml",
        3,
        joined(r"""
        머신러닝|기계학습|딥러닝|인공지능|컴퓨터비전|자연어처리|언어모델|음성인식|추천시스템
        |생성형
        """),
    ),
    (
        "data",
        3,
        joined(r"""
        데이터|빅데이터|비즈니스인텔리전스
        """),
    ),
    (
        "devops",
        3,
        joined(r"""
        데브옵스|인프라|시스템(엔지니어|운영|관리)|클라우드|서버(운영|관리|엔지니어)
        |네트워크(엔지니어|운영|관리)|사이트신뢰성|플랫폼엔지니어
        """),
    ),
    (
        "backend",
        3,
        joined(r"""
        백엔드|벡엔드|백앤드|서버(개발|프로그래|사이드)|자바(?!스크립트)|웹서버
        """),
    ),
    (
        "frontend",
        3,
        joined(r"""
        프[런론]트|퍼블리[셔싱]|웹(개발|프로그래)|자바스크립트|리액트
        """),
    ),
    (
        "software",
        2,
        joined(r"""
        개발자|소프트웨어|프로그래머|풀스택|임베디드|펌웨어|모바일|안드로이드|앱개발|게임(개발
        |클라)|개발$|정보통신|전산
        """),
    ),
    (
        "qa",
        4,
        joined(r"""
        (소프트웨어|게임|서비스|앱|웹)(품질|테스[트터])|테스터|테스트(엔지니어|자동화|담당)|큐에이
        """),
    ),
    (
        "pm",
        3,
        joined(r"""
        프로덕트(매니저|오너)|제품관리|제품책임|프로젝트(매니저|관리)|서비스기획|상품기획|사업기획
        |전략기획|기획자|기획$|게임기획|피엠|기획운영
        """),
    ),
    (
        "pm",
        2,
        joined(r"""
        기획
        """),
    ),
    (
        "design",
        3,
        joined(r"""
        디자이너|디자인|일러스트|아트디렉|사용자경험|영상편집|모션그래픽
        """),
    ),
    (
        "marketing",
        3,
        joined(r"""
        마케[팅터]|홍보|광고|브랜드|퍼포먼스|그로스|콘텐츠|언론|엠디
        """),
    ),
    (
        "sales",
        3,
        joined(r"""
        영업|세일즈|판매|매장|어카운트|제휴|해외사업|사업개발|텔레마케팅
        """),
    ),
    (
        "hr",
        3,
        joined(r"""
        인사|채용|노무|인재|급여|조직문화|에이치알|사내교육|교육담당
        """),
    ),
    (
        "finance",
        3,
        joined(r"""
        재무|회계|세무|경리|자금|투자|금융|은행|내부감사|공시|원가|보험|증권
        """),
    ),
    (
        "support",
        3,
        joined(r"""
        고객(지원|상담|센터|응대|만족|서비스|관리|경험)|상담[원사]|콜센터|기술지원|헬프데스크
        |씨에스
        """),
    ),
    (
        "nursing",
        4,
        joined(r"""
        간호|병동|응급구조|조무사
        """),
    ),
    (
        "education",
        3,
        joined(r"""
        교사|강사|교육|교수|튜터|학원|보육|선생|학습설계|훈련
        """),
    ),
    (
        "manufacturing",
        3,
        joined(r"""
        생산|제조|공정|설비|품질(관리|보증|검사|경영)|기계설계|금형|반도체|용접|조립|안전관리
        |환경안전|산업안전|공장|기구설계|자동차|전기기사|품질$
        """),
    ),
    (
        "logistics",
        3,
        joined(r"""
        물류|유통|구매|배송|창고|수출입|무역|재고|공급망|운송|포워딩|자재|통관|택배
        """),
    ),
    (
        "research",
        2,
        joined(r"""
        연구|알앤디|임상|실험|신약
        """),
    ),
    (
        "research",
        4,
        joined(r"""
        임상(연구|시험)|신약
        """),
    ),
)
ENGLISH: tuple[tuple[str, int, str], ...] = (
    (
        "general",
        9,
        joined(r"""
        security (guard|officer)|trainee(?= program)
        """),
    ),
    (
        "security",
        3,
        joined(r"""
        (information|cyber|network|cloud|application|app|product|it|data|offensive)[ -]?security
        |security (engineer|analyst|architect|consultant|researcher|specialist|manager|developer
        |operations)|infosec|appsec|cybersecurity|pen(etration)?[ -]?test\w*|soc|siem|ciso
        |devsecops|red team\w*|isms|malware|threat \w+|incident response|ethical hacker|privacy
        """),
    ),
    (
        "security",
        2,
        joined(r"""
        security
        """),
    ),
    (
        "ml",
        3,
        joined(r"""
        machine[ -]?learning|ml|mlops|deep[ -]?learning|ai|artificial intelligence|llms?|nlp
        |computer vision|speech recognition|recommend\w+ systems?|genai
        """),
    ),
    (
        "data",
        3,
        joined(r"""
        data (engineer|scientist|analyst|architect|platform|warehouse|analytics|science
        |manager)\w*|analytics|bi|business intelligence|etl|dba|database \w+|statistician
        |business analyst
        """),
    ),
    (
        "data",
        2,
        joined(r"""
        data|quantitative analyst
        """),
    ),
    (
        "devops",
        3,
        joined(r"""
        dev[ -]?ops|sre|site[ -]reliability\w*|infrastructure|platform engineer\w*|sys[ -]?admin
        |systems? (engineer|administrator|operator)|cloud|network (engineer|administrator)
        |kubernetes|release engineer|system administrator
        """),
    ),
    (
        "backend",
        3,
        joined(r"""
        back[ -]?end|server[ -]side|server (developer|engineer)|api (developer|engineer)|java
        |spring|golang|django|node(\.?js)?
        """),
    ),
    (
        "frontend",
        3,
        joined(r"""
        front[ -]?end|web (developer|engineer|designer/developer)|ui (developer|engineer)|react
        |javascript|typescript|vue|angular|web publisher
        """),
    ),
    (
        "software",
        2,
        joined(r"""
        software|developer|programmer|full[ -]?stack|embedded|firmware|mobile|android|ios
        |game (developer|programmer)|computer engineer|technical lead|cto
        """),
    ),
    (
        "qa",
        4,
        joined(r"""
        qa|sdet|quality assurance (engineer|analyst|tester)|test(er| (engineer|automation
        |analyst))|software quality\w*
        """),
    ),
    (
        "pm",
        4,
        joined(r"""
        (product|project|program(me)?|technical program|engineering) (manager|owner|lead|director
        |management)
        """),
    ),
    (
        "pm",
        3,
        joined(r"""
        pm|pmo|po|scrum master|planner|business planning|service planning|product strategy
        """),
    ),
    (
        "design",
        3,
        joined(r"""
        (ux|ui|product|graphic|visual|web|brand|interaction|motion|industrial|interior
        |fashion)([ /,&-]+(ux|ui))?[ -](designer|design|researcher)|designer|ux|ui|design
        |illustrator|art director
        """),
    ),
    (
        "marketing",
        3,
        joined(r"""
        market(ing|er)|brand (manager|marketer)|growth|seo|content (writer|manager|creator)
        |copywriter|public relations|pr|communications?|social media|advertising|merchandiser|md
        """),
    ),
    (
        "sales",
        3,
        joined(r"""
        sales\w*|account (executive|manager)|business development|bdr|sdr|seller|retail
        |store manager|sales engineer|partnerships?
        """),
    ),
    (
        "hr",
        3,
        joined(r"""
        hr|hrbp|hrd|hrm|human resources?|recruit\w+|talent|people (operations|partner|manager)
        |payroll|compensation
        """),
    ),
    (
        "finance",
        3,
        joined(r"""
        financ\w+|account(ing|ant)|bookkeeper|controller|audit(or)?|tax|treasury|cfo|cpa
        |investment \w+|banker|actuary|credit analyst|underwriter
        """),
    ),
    (
        "support",
        3,
        joined(r"""
        customer (support|service|success|care|experience)\w*|support (engineer|specialist|agent
        |representative)|technical support|help[ -]?desk|call cent(er|re)|cs|service desk
        """),
    ),
    (
        "nursing",
        4,
        joined(r"""
        nurs(e|es|ing)|midwife|rn|paramedic
        """),
    ),
    (
        "education",
        3,
        joined(r"""
        teacher|tutor|instructor|lecturer|professor|educat\w+|instructional designer
        |curriculum \w+|trainer|teaching
        """),
    ),
    (
        "manufacturing",
        3,
        joined(r"""
        manufactur\w+|production|process engineer|plant|quality (control|engineer|inspector
        |manager)|mechanical|industrial engineer|machinist|maintenance|automotive|semiconductor
        |ehs|hardware engineer|electrical
        """),
    ),
    (
        "logistics",
        3,
        joined(r"""
        logistic\w*|supply[ -]chain|scm|procurement|purchas(ing|er)|buyer|warehouse|shipping
        |import|export|trade|inventory|freight|forwarder|dispatcher|fulfil?lment
        """),
    ),
    (
        "research",
        2,
        joined(r"""
        research(er)?|scientist|r&d|postdoc\w*|clinical
        """),
    ),
    (
        "research",
        3,
        joined(r"""
        (clinical|research|lab\w*) (research|scientist|associate|assistant|engineer|fellow)\w*
        |biolog\w+|chemist\w*|physicist
        """),
    ),
)
