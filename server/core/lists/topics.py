"""What an interview may not touch: matters that a hiring decision must not rest on.

After 채용절차법 4-3 (appearance, origin, marriage, family, property) and what equal-treatment law
adds elsewhere: age, sex, religion, health, pregnancy, union, politics, military service.
"""

from __future__ import annotations

import re
import unicodedata

from server.core.lists.patterns import joined

# Words of a trade that share a stem with a topic are taken out before looking.
_HARMLESS = re.compile(
    joined(r"""
    \bfamil(?:y|ies) of \w+|\b(?:font|product|chip|processor|protocol|model|device|instruction
    |column|gene)[- ]famil(?:y|ies)|\bfamily (?:medicine|practice|law)
    |\bpatients?['’]?s? (?:and their )?famil(?:y|ies)|\bjava ?beans?|\bintellectual property
    |환자(?:분)?(?:와|의|나|들의)? ?(?:보호자|가족|연령|나이|종교|건강)\w*|보호자|(?:고객|타깃
    |타겟|사용자|소비자|이용자|시청자)(?:층)?의? ?(?:평균 )?(?:연령|나이)\w*|부모 ?(?:클래스|노드
    |프로세스|컴포넌트|요소|테이블|도메인)|학부모님?
    |가족 ?(?:같은|처럼) ?(?:팀|분위기|조직|회사)|가족 ?(?:요금제|계정|사진 ?앱|공유 ?기능)
    |지식 ?재산|지적 ?재산
    """),
    re.IGNORECASE,
)
_KOREAN = {
    "appearance": joined(r"""
        외모|외형이|(?<![가-힣])키(?:가|는) ?(?:몇|얼마|어떻|어느)|몸무게|체중|체격|몸매
        |얼굴(?! ?(?:인식|검출|탐지|인증))|용모|흉터|문신|화장(?:을|은|하)|혈액형|예쁘|예뻐|잘생
        |못생|뚱뚱|날씬|헤어스타일|사진보다|실물이|키와 몸
        """),
    "origin": joined(r"""
        출신|고향|본가|본적지|어디 사람|본적|본관|태어나|출생지|국적|(?<![가-힣])인종|민족|사투리
        |어느 (?:지역|지방|나라) ?(?:사람|분|에서 자)|전라도|경상도|충청도|강원도|제주도 사람|이북
        |탈북|다문화|외국인이(?:신|세)|어디서 자라|성장하신 지역|(?<![가-힣])귀화|(?<![가-힣])이민
        |고등학교는 어(?:디|느)
        """),
    "marriage": joined(r"""
        결혼|미혼|기혼|혼인|배우자|남편|(?<![가-힣])아내|와이프|남자 ?친구|여자 ?친구|남친|여친
        |애인|연애|이혼|약혼|신혼|사귀(?:는|시는)|독신|(?<![가-힣])동거|재혼|짝이 있|싱글이
        """),
    "family": joined(r"""
        가족|(?<![가-힣])부모|아버지|어머니|아버님|어머님|(?<![가-힣])(?:엄마|아빠)|형제
        |자매(?!사)|자녀|아이(?:가|는|도|들은|들이)? ?(?:있|계시|몇|없)|아이는 ?(?:누가|어디
        |어떻게)|아이를 ?(?:가질|누가|어디|낳|갖|키우|돌보|맡)|애(?:가|는) (?:있|몇)|육아|아드님
        |따님|(?<![가-힣])아들|딸(?:이|은|을|만)|장남|장녀|외동|시댁|처가|시부모|집안
        |가정 ?(?:환경|사|형편|생활)|가정을 (?:꾸|이루)|며느리|(?<![가-힣])사위|할머니|할아버지
        |맞벌이|호적|(?:둘째|셋째|첫째) ?(?:계획|는|를)
        """),
    "pregnancy": joined(r"""
        (?<![가-힣])임신|(?<![가-힣])출산|산후|피임|생리 ?(?:휴가|통|주기)|난임|불임|산전
        """),
    "property": joined(r"""
        (?<![가-힣])재산(?!권)|전세(?!계)|월세|자가 ?(?:주택|인|이신|세요|신)|자가에
        |부동산을? ?(?:보유|소유|갖|가지)|집은? (?:있으|사셨)|빚(?:이|을|은) ?(?:있|얼마|지|많|없)
        |채무|대출(?:이|은) (?:있|얼마|남)|자산(?:이|은) 얼마|저축(?:은|이) 얼마|소득 ?수준
        |생활 ?수준|형편이|차(?:는|가) 있으|본인 명의
        """),
    "religion": joined(r"""
        종교|교회|성당|불교|기독교|천주교|개신교|이슬람|무슬림|신앙|예배|(?<![가-힣])절에 (?:다
        |가)|하나님|하느님|세례|교인|제사(?:는|를)
        """),
    "age": joined(r"""
        (?<![가-힣])나이(?!브|키|트|지|프|스)|(?<![가-힣])연세|몇 ?살|몇 ?년생|\d년생|생년월일
        |(?<![가-힣])생일|출생 ?연도|연령|몇 ?학번|띠(?:가|는) |젊으(?:신|시|니)|(?:너무
        |아직) 어리|(?:스물|서른|마흔|쉰)[가-힣 ]{0,4}(?:살|이신|이세)|정년
        |[이삼사오육]십 ?대(?:이|신|세)|[2-6]0대(?:이|신|세|로서)|은퇴(?:는|를) 언제
        """),
    "sex": joined(r"""
        성별|(?:남자|여자|남성|여성)(?:로서|으로서|라서|이라서|인데|이신데|분이)|여자(?:가|는)
        |남자(?:가|는)|성적 ?(?:지향|취향)|성 ?정체성|동성애|성소수자|레즈비언|트랜스젠더|성관계
        |성생활|성경험
        """),
    "health": joined(r"""
        건강(?!기능식품|식품|보험|관리 ?앱| ?데이터| ?앱)|지병|병력|약을 드시|먹는 약|복용 ?중
        |체력이 약|앓(?:고|으|았|은)|복용하|수술(?:을|은)? ?(?:받으|하신 적|한 적)|장애인
        |장애 ?여부|장애 ?등급|장애가 있(?:으|나|습|는지|는 편)|장애를 (?:가지|갖)|정신과|우울증
        |공황|유전병|병원에 (?:다니|가|입원)|(?<![가-힣])입원|신체 ?(?:조건|검사|적)|흡연|담배
        |금연|술(?:을|은|도|자리)? ?(?:마|드시|잘|얼마|좋아)|음주|주량|질병(?:이|을|은)[ ]
        |아픈 (?:데|곳)|백신을? 맞|암에 걸|(?<![가-힣])시력|(?<![가-힣])청력|병원 (?:진료
        |치료)를 받으
        """),
    "union": joined(r"""
        노조|노동조합|파업|쟁의|단체행동
        """),
    "politics": joined(r"""
        (?<![가-힣])정치|정당(?:을|이|은|에|의)? ?(?:지지|가입|활동|있|어디)|지지하(?:는
        |시는) (?:정|후보|당|대)|투표|대통령|(?<![가-힣])여당|(?<![가-힣])야당|좌파|우파|진보(?:적
        | ?성향| ?진영)|보수 ?(?:성향|진영|정당)|보수적인 (?:편|정)|탄핵|선거|집회|시위(?:에|를)
        |이념|촛불|(?:이번|현|지금) 정부(?:를|의|는|가)|정권
        """),
    "military": joined(r"""
        군대|군필|미필|병역|군 ?복무|군 ?생활|군 ?면제|입대|예비군|공익(?:으로 (?:근|복|다)| ?근무
        | ?요원)|여군|제대(?:하|는|를)|전역(?:하|은 언제|일)|현역(?:이|으로 (?:다|복))
        |산업기능요원|사회복무|군번|훈련소
        """),
    "record": joined(r"""
        (?<![가-힣])전과(?:가 있|는 있|나 | ?기록|자)|범죄 ?(?:경력|기록)|구속(?:된|되)|체포|징역
        """),
    "pay": joined(r"""
        (?:현재|이전|전|지난|직전) ?(?:직장|회사)?(?:의|에서)? ?(?:연봉|급여|월급)|연봉(?:은|이
        |을) ?(?:얼마|어느)|월급(?:은|이) 얼마|직장에서 얼마|얼마를 받으
        """),
}
_ENGLISH = {
    "appearance": joined(r"""
        \b(?:your|my|their|his|her) (?:height|weight|looks|appearance|figure|body|face|hair|skin
        |tattoos?|photo(?:graph)?)\b(?!\w)|\bhow tall (?:are|is)|\bmuch (?:do|did) you weigh
        |attractive (?:person|woman|man|candidate|girl)|good[- ]looking|\bpretty (?:girl|woman
        |face|lady)|overweight|describe yourself as attractive|\byou attractive|blood type
        |\battractive\b.{0,15}\byou\b|natural hair
        """),
    "origin": joined(r"""
        \bwhere (?:are|were|do) you(?:r parents)? (?:originally |really |actually )?(?:from
        |come from|born|grow|raised)|where did you grow up|\b(?:were you|you were) (?:born|raised)
        |nationality|citizenship|\bcitizen\b(?! develop)|first language|\bgr(?:ow|ew) up\b|ethnic
        |\bracial|\byour race\b|\bwhat race\b|\b(?:your|an?|that|foreign) accent\b
        |native (?:language|tongue|speaker|country)|mother tongue|hometown|birthplace
        |place of birth|ancest|national origin|countr(?:y|ies) (?:of (?:birth|origin)|(?:are
        |do) you|you (?:are|were|come))|immigra|an? foreigner|\bwhich (?:province|region) (?:are
        |do) you|which (?:neighbou?rhood|part of town)
        """),
    "marriage": joined(r"""
        \bmarried\b|\bmarital|\bmarriage\b(?! (?:of|between) (?:two |the |these )?
        (?:systems|tools|teams|models|services|platforms))
        |\bspouse|\bhusband|\bwife\b|\bwives\b|fianc[eé]|\bdivorc
        |boyfriend|girlfriend|\bdating\b|romantic|\bare you (?:single|engaged|seeing)|\bwedding
        |maiden name|significant other|\bpartner (?:okay|ok|feel|mind|work|think|do)\b
        |your partner(?:['’]s)?\b(?! (?:team|compan|bank|organi))|settl(?:e|ing) down|(?:life
        |domestic) partner|\b(?:get|getting|got) engaged\b|are you (?:in a )?relationship
        """),
    "family": joined(r"""
        \bfamil(?:y|ies)\b|\b(?:your|my|their|his|her) (?:parents?|mother|father|mom|dad|kids?
        |child(?:ren)?|siblings?|brothers?|sisters?|sons?|daughters?|relatives|in-laws
        |grandparents|household)\b|\b(?:have|having|want|raise|raising|any|many
        |plan(?:ning)? (?:for|on)) (?:any |more |small |young )?(?:kids|child(?:ren)?|bab(?:y|ies)
        |siblings)\b|\ba baby\b|child ?care\b|day ?care|babysit|at home with the|only child\b
        |\bdependents do you|\bare you an? (?:mother|father|parent|mom|dad)\b|another child\b
        """),
    "pregnancy": joined(r"""
        pregnan|maternity|paternity|parental leave|birth control|contracepti|fertility|expecting a
        |\bare you expecting\?|menstrua|breast ?feed
        """),
    "property": joined(r"""
        \b(?:own|rent|buy|bought|afford) (?:a |your |an |or own (?:a |your )?)?(?:own )?(?:house
        |home|car|apartment|flat)\b|rent or own|your (?:house|home\b(?! ?page| screen| address)
        |net worth|savings|debts?|wealth|mortgage|credit (?:score|rating|history)|landlord)
        |personal (?:wealth|debts?|finances|assets|property)|\bhow (?:rich|wealthy)|bankrupt
        |real estate do you|property do you own|your property
        """),
    "religion": joined(r"""
        \breligio|\bchurch|\bmosque|\bsynagogue|\bchristian|\bmuslim|\bislam|\bjewish|\bbuddhis
        |\bhindu|\bcatholic|\bprotestant|\bpray|\byour faith|\bsabbath|\bbible|\bquran|\batheis
        |believe in god|\bworship\b|\bramadan|\b(?:go to|attend) (?:the )?(?:temple|mass)\b
        """),
    "age": joined(r"""
        \bhow old (?:are|were) you|\b(?:your|at your|their) (?:current )?age\b|\byear of birth
        |\bdate of birth|birth ?(?:day|date)|\byears? old\b|\byear (?:were|was) you(?: \w+)? born
        |(?:when|what year) (?:were|was) you born|too (?:old|young)|\bage (?:group|bracket|range)
        |\b(?:you|to) (?:plan|want|expect|intend|hope) to retire(?! (?:the|that|this|it|an?|old
        |legacy)\b)|until retirement|(?:close|near) to retirement|retirement plans
        |\bin your (?:twenties|thirties|forties|fifties|sixties|[2-6]0s)
        |what year did you (?:graduate|finish) (?:from )?(?:high school|school)
        """),
    "sex": joined(r"""
        \b(?:your|my|their|his|her) (?:gender|sex\b|sexual|pronouns)|gender identit|sexual
        |\bare you (?:an? )?(?:man|woman|male|female|gay|lesbian|straight|trans\w*|bisexual|queer
        |boy|girl)\b|\bas an? (?:woman|man|mother|father|female|male|girl|mom|dad
        |working mother)\b|\bsexy|lgbt
        """),
    "health": joined(r"""
        \b(?:your|my|their|his|her) (?:\w+ )?(?:health|medical|illness|disease|disabilit
        |medication|surger|diagnos|doctor|therap)|disabilit|\bdisabled (?:person|people|\?)
        |\bare you disabled|handicap|\b(?:any|had|have|an?|taking|take|on
        |serious) (?:\w+ )?(?:illness|disease|medications?|surger(?:y|ies)|health (?:problems?
        |issues?|conditions?)|medical (?:conditions?|problems?|history|issues?))(?! (?:error|round
        |record|list|chart|plan|safety|administration))|chronic (?:illness|condition|pain|disease)
        |sick (?:days?|leave)|depress(?:ed|ion)|mental (?:health|illness|condition)|\bcancer\b
        |\bhiv\b|\bvaccinat|\byou smoke|\bsmoker|\balcohol|\b(?:do|how (?:much
        |often) do) you drink|(?:your|any|on) prescription|\btaking any medic|\b(?:do|use|take
        |taken|used) drugs|workers['’]? comp|are you healthy|wheelchair
        |physical(?:ly)? (?:condition|impair|fit|limitation)|\bcovid|\bhow healthy|you are healthy
        |your (?:hearing|eyesight|vision)(?: (?:all right|ok|good)|\?)
        """),
    "union": joined(r"""
        \b(?:labou?r|trade|workers['’]?) unions?\b|\bunion (?:member|activit|dues|organi|card)
        |\b(?:in|of|join|joined|joining|to) an? union\b(?! (?:type|find|of|query))|unioni[sz]
        |\bon strike\b|go on strike
        """),
    "politics": joined(r"""
        \bpolitic|\bvoted?\b (?:for|in)|did you vote|\brepublicans?\b|\bdemocrats?\b
        |\bare you (?:an? )?(?:liberal|conservative|socialist|communist)|left[- ]wing
        |right[- ]wing|presidential|\b(?:last|next|general|national) election
        |support the (?:president|government)|\bprotests?\b|\bactivis[tm]|\b(?:left
        |right)[- ]leaning|(?:current|your) government\b
        """),
    "military": joined(r"""
        \bmilitary\b(?![- ]grade)|\barmy\b|\bnavy\b|\bmarines\b|\bveterans?\b
        |honorabl[ey] discharge|conscript|\bdrafted into|\benlist|armed forces|\breservist
        |national service|\byour service record
        """),
    "record": joined(r"""
        \barrest|\bconvict(?:ed|ion)|criminal (?:record|history|background)|\bfelony|\bjail
        |\bprison
        """),
    "pay": joined(r"""
        salary history|(?:current|previous|last|present|old) (?:salary|pay\b|compensation|wage)
        |how much (?:do|did|are|were) you (?:\w+ )?(?:earn|make|making|paid|earning)
        |\byour (?:salary|wage)|(?:did|do) they pay you
        """),
}
_PATTERNS = {
    topic: re.compile(f"{_KOREAN[topic]}|{_ENGLISH[topic]}", re.IGNORECASE) for topic in _KOREAN
}
# What a speaker says of themselves; as a question it would be harmless or is covered above.
_PRIVATE = re.compile(
    joined(r"""
    \d ?(?:살|세(?=[\s,.]|입|이|의|에))|\bi(?:['’]m| am) \d\d\b|저희 집|제 집|아이(?:의
    |들) ?(?:엄마|아빠)|\b(?:my|our) (?:partner|house|home|baby|age|gender|condition|accent
    |therapist|visa)\b|\bborn\b|\bi grew up|자랐|자라서|이혼|사별|돌아가셨|장례|투병|아파서
    |암 ?(?:진단|수술)|진단을 받|수술을 받|주민(?:등록)?번호|여권 ?번호|계좌|비밀번호|password
    |passport|social security|골뱅이|닷 ?컴|dot com|gmail|공일공
    """),
    re.IGNORECASE,
)
_SPELLED = re.compile(r"(?<![가-힣])[가-힣](?:[\s.·_-]+[가-힣](?![가-힣]))+")


def forbidden(text: str) -> str | None:
    """The topic that a question touches, or None. In doubt it touches it."""
    plain = _HARMLESS.sub(" ", normal(text))
    return next((topic for topic, pattern in _PATTERNS.items() if pattern.search(plain)), None)


def private(text: str) -> bool:
    """Whether what a candidate said touches such a topic, so that it is not to be taken up."""
    return forbidden(text) is not None or bool(_PRIVATE.search(normal(text)))


def normal(text: str) -> str:
    """Without invisible characters and odd widths; syllables spelled apart are joined."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
    return _SPELLED.sub(lambda found: re.sub(r"[\s.·_-]", "", found[0]), text)
