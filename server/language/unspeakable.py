"""What no interviewer may say, and how a question sounds in either language: the guard's lists."""

from __future__ import annotations

import re

from server.language.patterns import joined

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
SPEAKER = re.compile(
    r"\b(system|assistant|user|human|tool|developer|시스템|어시스턴트)\s*[:：]", re.IGNORECASE
)
"""As a chat template names who speaks."""
NEVER = (("personal_data", PERSONAL_DATA), ("leaked_instructions", LEAK), ("impolite", RUDE))
"""By the guard's code for it."""
POLITE = re.compile(r"(?:요|죠|니까|니다|십시오|시오)$")
ASKS = re.compile(
    joined(r"""
    (까요|나요|가요|신지요|는지요|을지요|던가요|시죠|시지요|세요|주시겠어요|하시겠어요
    |[습합입됩]니까|[가-힣]십니까|십시오|부탁드립니다|부탁드리겠습니다|부탁드려요|바랍니다
    |듣고 싶습니다|여쭙겠습니다)$
    """)
)
ANNOUNCES = re.compile(r"(?:여쭙겠습니다|부탁드리겠습니다|바랍니다)$")
"""Ends a request, or says before a question how it is meant."""
PLAIN_ORDER = re.compile(
    joined(r"""
    (해라|하라|말해|해 ?봐|말해봐|봐라|해줘|줘|대라|하시오|해보게|하게|렴|[냐니]|는가|은가|인가
    |을까|할까|일까|었지|했지|하지|이야|거야|했어|있어|뭐야|건데|었어|았어)$
    """)
)
KOREAN_ASKING = re.compile(r"누구|누가|무엇|무슨|뭐|뭘|언제|어디|왜|어떻|어떤|어땠|어느|얼마|몇")
"""The words that ask for what is not yet known."""
ENGLISH_ASKING = re.compile(r"\b(?:who|whom|whose|what|when|where|why|how|which)\b", re.IGNORECASE)
ENGLISH_PART = re.compile(
    joined(r"""
    (?:^|[,;:.?!] |\b(?:and|or|but) )(?:who|whom|whose|what|when|where|why|how|which|did|do|does|is
    |are|was|were|has|have|had|would|could|can|will)\b
    """),
    re.IGNORECASE,
)
"""Begins a part of a sentence that asks."""
ENGLISH_WORDS = re.compile(
    joined(r"""
    \b(?:you|your|what|how|why|which|when|who|whom|whose|where|tell|describe|walk|explain|could
    |can|did|do|does|would|was|were|is|are|the|a|an|i|me|my|we|us|let|it|this|that|of|to|and|not|about|with|for|on|at)\b
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
