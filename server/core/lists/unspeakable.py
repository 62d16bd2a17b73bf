"""What no interviewer may say, and how a question sounds in either language: the guard's lists."""

from __future__ import annotations

import re

from server.core.lists.patterns import joined

LEAK = re.compile(
    joined(r"""
    system prompt|developer mode|jailbreak|disregard|```|<\||\[/?inst|\b(?:my|these|your|previous
    |above|initial|hidden|original|prior) (?:system )?(?:instructions|prompt)\b|\b(?:i am|i['’]m
    |as) an? (?:ai|artificial|large|language)\b(?! interviewer)|\bi (?:was|am|have been) (?:told
    |instructed|programmed|prompted|configured) to|ignore (?:all|any|everything|the (?:above
    |previous|rules)|previous|your)|\b(?:assistant|system|user|human)\s*:|resume_data
    |시스템 ?프롬프트|(?:저는|나는|제가) [가-힣 ]{0,8}(?:언어 ?모델|인공지능|챗봇)|지시 ?사항(?:을
    |에|은|대로)|지시문|지시를 받|프롬프트(?:를|에|는) (?:무시|공개|출력|따라|받)|(?:이전|위의?
    |앞선|내부|숨겨진|받은|주어진|기존) ?(?:지시|지침|프롬프트|명령)(?:을|를|은|는
    |에)? ?(?:모두 )?(?:무시|따르|따라|공개|알려|출력|받)|규칙(?:을|은) (?:모두 )?(?:무시|공개)
    |(?:역할|개발자 ?모드)(?:을|를|로) (?:바꾸|전환|벗어나)
    """),
    re.IGNORECASE,
)
PRAISE = re.compile(
    joined(r"""
    ^(?:(?:ok(?:ay)?|yes|well|oh|wow|so|that(?:['’]s| is| was| sounds)|what|it(?:['’]s| is)
    |this is|you(?:['’]re| are|['’]ve| have)),? )*+(?:an? |the |really |very |truly |such |so[ ]
    |absolutely |quite |pretty )*(?:great|excellent|impressive|perfect|wonderful|awesome|fantastic
    |amazing|brilliant|outstanding|superb|terrific|lovely|good|nice|interesting|insightful|strong
    |solid|correct|right|exactly|incredible|remarkable)\b(?=[!.,;:—]|$| (?:answer|job|work|point
    |question|example|experience|explanation|response|to hear|start|one|choice|approach|candidate
    |insight|and|that|background)\b)|impressive(?=[!.,]|$)|\bimpressed\b|^well (?:done|said|put)
    |\bkudos|congratulat|good for you|\bi (?:really )?(?:like|love|admire|appreciate) (?:your|how
    |that|the way)|you(?:['’]re| are) (?:clearly |very |so |really )*(?:smart|talented|qualified
    |the best|a (?:great|strong|perfect))|(?:훌륭|대단|완벽|멋지|멋있|뛰어나|인상적이|인상 ?깊
    |놀라|놀랍|탁월)[가-힣]{0,3}(?:네요|군요|니다|어요|에요|해요|셨)|(?:훌륭한|좋은|멋진|인상적인
    |인상 ?깊은|완벽한|뛰어난|대단한) [가-힣]{2,4} ?(?:이네|이군|입니|이에|이십|감사|잘 들
    |[을를] (?:하셨|해 주셨|들려))|잘 ?하셨(?:네|습|어|군)|잘 (?:말씀|답변|대답|설명)해 주셨|감탄
    |최고(?:예|네|입|의 (?:답|지원))|축하|정답(?:입|이에|이네|이군)|^(?:네,? )?맞(?:습니다|아요)
    """),
    re.IGNORECASE,
)
VERDICT = re.compile(
    joined(r"""
    합격(?:입|이|하셨|을 축하|시키|될|하실|드|권)|탈락(?:입|이|하셨|될|시키)|채용(?:하겠|될 것
    |이 확정|되셨|해 드리)|(?:답변|지원자|면접)[가-힣 ]{0,6} ?점수|점수(?:는|를|가) ?(?:\d|드리
    |매기겠)|\d ?점(?:입|을 드|이에)|(?:지원자|답변)[가-힣]{0,3} ?평가|평가 ?결과(?:는
    |를) (?:알려|말씀)|\byou(?:['’]re| are| have been) (?:hired|rejected|accepted|not a fit
    |a (?:good|bad|poor) fit)|\byou(?:['’]ve| have) (?:passed|failed)\b|\byou (?:passed
    |failed) (?:the|this) interview|\bi (?:would )?(?:rate|score|give) (?:you|your|that|this)
    |your score\b|offer you the (?:job|position)|\byou (?:get|got|have) the job
    """),
    re.IGNORECASE,
)
PERSONAL_DATA = re.compile(
    joined(r"""
    (?:주민 ?(?:등록)? ?번호|여권 ?번호|계좌(?: ?번호)?|카드 ?번호|비밀 ?번호|전화 ?번호
    |휴대폰 ?번호|연락처|주소|이메일|인증 ?번호|신분증|면허 ?번호|아이디)(?:을|를|은|는|이|가
    |도)? ?(?:좀 |먼저 |다시 |한번 |지금 )*(?:알려|말씀|무엇|뭐|뭔|입력|어떻게 되|불러|보내|적어
    |제출|공유|몇|확인해 주|어디)|(?:본인|지원자)[가-힣]* (?:집 ?)?(?:주소|계좌|비밀 ?번호|연락처)
    |입금|송금|\byour (?:\w+ )?(?:passwords?|passport|ssn|social security|credit card|bank account
    |account number|phone number|telephone|(?:home |street |mailing )?address|e-?mail|pin (?:code
    |number)|id (?:card|number)|verification code|api key|driver['’]?s licen[cs]e|credentials
    |login)\b(?! (?:polic|hash|rotat|storage|manage))|\b(?:tell|give|send|share|read|enter|confirm
    |type)(?: (?:me|us))? (?:the |a |any )?(?:password|passport|social security|credit card
    |bank account|phone number|verification code)|\bwire (?:the |some )?money
    """),
    re.IGNORECASE,
)
RUDE = re.compile(
    joined(r"""
    (?<![가-힣])(?:너|너는|너의|네가|니가|너희|당신|당신은|당신의|당신이|야|자네|임마)(?=[\s,.?!]
    |$)|바보|멍청|한심|병신|새끼|시발|씨발|닥쳐|꺼져|미친 (?:거|놈|소리|짓)|쓰레기(?! ?(?:수집|값
    |통))|무식하|형편없|거짓말(?:하|이)|\bstupid|\bidiot|\bdumb (?:question|answer|idea)|\bshut up
    |\bmoron|\bpathetic|\bfuck|\bshit\b|\bbullshit|\bloser|\bliar\b|\bridiculous
    |\bterrible (?:answer|candidate)|\bwaste of (?:my )?time|\bwhat(?:['’]s| is) wrong with you
    |\byou(?:['’]re| are) (?:so |very |just )?(?:lazy|lying|incompetent|dumb)
    """),
    re.IGNORECASE,
)
GIVES_AWAY = re.compile(
    joined(r"""
    \b(?:the |a )?(?:correct|right|best|ideal|expected|good|model) (?:answer|response|solution)[ ]
    (?:is|was|would|here|to this)|\bhint\s*[:,]|\b(?:as|here is) a hint\b|\byou (?:could|should
    |might) (?:answer|say|reply|respond) (?:that|with|something|by)\b|\bfor example,? you (?:could
    |should|might|can) (?:say|answer|mention)|\bi(?:['’]m| am) looking for\b|\bwould(?:n['’]t| not
    ) you agree|\bdon['’]t you (?:think|agree)|\bis(?:n['’]t| it not) it (?:true|because|better
    |obvious)|, (?:right|correct|isn['’]t it|aren['’]t you|didn['’]t you|don['’]t you
    |wasn['’]t it|doesn['’]t it|is that not so)\?
    |(?:정답|모범 ?답안?|올바른 답|맞는 답)(?:은|는|이|을)(?! (?:붙|있|없|달))|힌트(?:를|는|:)
    |라고 (?:답|대답)(?:하시면|하면|해 ?주시면|하셔야)
    |(?:라고|다고) 말씀하시면 (?:됩|좋)
    |때문이(?:죠|지요|겠죠|잖아요)|(?:맞|그렇|아니겠|않겠)(?:죠|지요)\?
    |(?:맞|그렇|당연하)(?:습니까|지 않나요|지 않습니까|지 않을까요)\?
    """),
    re.IGNORECASE,
)
OF_THE_CANDIDATE = re.compile(
    r"\b(?:you|your|yours)\b|[“\"]|하셨|셨|신다|시는|신 |말씀|답변|라고|다고", re.IGNORECASE
)
EXPLAINS = re.compile(
    joined(r"""
    \bbecause\b|\b(?:usually|typically|generally|always|in general|essentially|basically)\b
    |\b(?:is|are) (?:used|needed|required|important|essential|better|when|defined|known|called)\b
    |\b(?:means|ensures?|prevents?|allows?|helps?|reduces?|improves?) |\b(?:should|must) |때문
    |일반적으로|보통|대개|중요합니다|필요합니다|해야 합니다|의미합니다|줄여 줍니다|막아 줍니다
    |[가-힣]{1,8}(?:하는|되는|위한|위해|라는) (?:것|방법|기술|개념|방식|장치
    |도구)(?:입니다|이죠|이에요)
    """),
    re.IGNORECASE,
)
POLITE = re.compile(r"(요|죠|니까|십시오|드립니다|바랍니다|드리겠습니다|싶습니다|여쭙겠습니다)$")
ASKS = re.compile(
    joined(r"""
    (까요|나요|가요|신지요|는지요|을지요|던가요|시죠|시지요|세요|주시겠어요|하시겠어요
    |[습합입됩]니까|[가-힣]십니까|십시오|부탁드립니다|부탁드리겠습니다|부탁드려요|바랍니다
    |듣고 싶습니다|여쭙겠습니다)$
    """)
)
PLAIN_ORDER = re.compile(
    joined(r"""
    (해라|하라|말해|해 ?봐|말해봐|봐라|해줘|줘|대라|하시오|해보게|하게|렴|[냐니]|는가|은가|인가
    |을까|할까|일까|었지|했지|하지|이야|거야|했어|있어|뭐야|건데|었어|았어)$
    """)
)
ENGLISH_WORDS = re.compile(
    joined(r"""
    \b(?:you|your|what|how|why|which|when|who|whom|whose|where|tell|describe|walk|explain|could
    |can|did|do|does|would|was|were|is|are|the)\b
    """),
    re.IGNORECASE,
)
ENGLISH_REQUEST = re.compile(
    joined(r"""
    ^(?:[^.?!]*[,;:] )?(?:please |now,? |then,? ){0,3}(?:tell|describe|walk|explain|give|share|take
    |talk|help|outline|compare|name|think|pick|choose|imagine|let['’]s (?:talk|go)|i would like
    |i['’]d like)\b
    """),
    re.IGNORECASE,
)
LABEL = re.compile(
    joined(r"""
    ^(?:(?:next |follow[- ]?up |interview )?question(?: \d+)?|q\d*|interviewer|assistant|output
    |(?:다음 |후속 |꼬리 |추가 )?질문(?: ?\d+)?|면접관)\s*[:：]\s*
    """),
    re.IGNORECASE,
)
