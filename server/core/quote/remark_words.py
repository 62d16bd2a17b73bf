"""English and Korean wordings by which a remark is known that is not about work."""

from __future__ import annotations

import re

from server.core.lists.patterns import joined, words

_OPENERS = joined(r"""
    \b(?:(?:as|like) )?i(?:['’]ve| have)?(?: (?:already|just))* (?:told you|said so|(?:said|answered
    |explained|mentioned) (?:that|this|it|before|earlier|already))(?: (?:that|already|before
    |earlier|twice|so|it|this|questions?|(?:two|three|four|five|many|several) times))*\b
    |\b(?:as|like) i(?:['’]ve| have)?(?: (?:already|just))* (?:said|mentioned|explained)\b
    |(?:(?<=니다 )|(?<=요 )|^)(?:(?:네|음|아니|근데|저는|제가|그건|그거는|그 부분은|그러니까) )*
    (?:이미|아까|방금|벌써|앞에서|앞서|(?:(?:좀|조금) )?전에|계속)(?:도)? (?:(?:다
    |\S{1,6} ?번(?:이나)?|똑같이|또|위에서|자기소개에서) ){0,3}(?:말씀 ?드|말했|말한|말씀했
    |대답했|답변 ?드|답변 ?했|답했|얘기했
    |이야기했|설명 ?드|설명 ?했|대답한|답변한)\S*(?: (?:것처럼|것과 같이|대로|바와 같이|거지만|건데
    |겁니다))?
""")
_COMPLAINTS_EN = joined(r"""
    \bwhy (?:do|did|are|would|must|should) you (?:(?:keep|always|even|still|have to
    |need to|really) )*(?:ask\w*|want\w* to know|car(?:e|ing)|interrupt\w*|do(?:ing)? this
    |need (?:this
    |that|to know))
    |\bwhy (?:do|should|must) i (?:(?:even|have to|need to) )*(?:answer|do this|tell you|talk to)
    |\b(?:such|these|your|what|what a|this|another|all these|ask(?:ing)?(?: me)?)(?: \w+)? (?:stupid
    |dumb|silly|ridiculous|pointless|idiotic|useless|boring|awful|annoying) (?:questions?
    |interview(?:er)?)\b
    |\bthis (?:(?:whole|entire|stupid|so-called) )*(?:interview|conversation)(?:['’]s| (?:is|was
    |seems|feels|makes)) (?:\w+ ){0,4}(?:waste|stupid|pointless|joke|ridiculous|useless|nonsense
    |boring|silly|farce|unfair|sense|long|rubbish|garbage|awful|terrible)\b
    |\b(?:waste of|wast(?:e|es|ing)) (?:my|your) time\b
    |\b(?:this|that)(?: is|['’]s) (?:\w+ )?(?:a |such a )?(?:\w+ )?waste of time\b
    |\byou(?:['’]ve| have)? (?:already |just |keep )*(?:ask(?:ed|ing)?|heard)(?: me)? (?:that|this
    |me|the same|about (?:that|this))\b
    |\byou (?:already|should) know (?:that|this|it)\b
    |\byou(?:['’]re| are) (?:(?:a|an|so|such|really|just|very|completely|totally|only
    |nothing but|the|not even) )*(?:useless|stupid|dumb|idiots?|annoying|rude|joke|not listening
    |robot|bot
    |machine|moron|incompetent|ridiculous|pathetic|unprofessional|worthless|worst|clueless
    |breaking up|cutting out|on mute|muted|frozen|lagging|(?:too|very|so) quiet|now)\b
    |\b(?:tired|sick|bored|fed up|annoyed|done|frustrated) (?:of|with|by) (?:(?:all|this|these|the
    |such) )*(?:you|your|interview|questions?|conversation)\b
    |\bi (?:do not|don['’]?t|will not|won['’]?t) (?:want|have|need|care|like|wish|even)?(?: ?to)?[ ]
    ?(?:answer|talk to you|do this|be here|about your|your questions?|(?:this|these
    |that|the) (?:interview|questions?))\b
    |\bi (?:want|need|would like|have) to (?:leave(?! (?:my|the|a))|go home|quit this|stop this)\b
    |\bi(?:['’]d| would) rather not\b|\bnone of your (?:business|concern)|\bleave me alone\b
    |\bwhat does (?:this
    |that) have to do with
    |\bwhat(?:['’]s| is) the point of (?:this|that|these|your|asking)|\bhow(?:['’]s| is| are)[ ]
    (?:this|that|these)(?: questions?)? (?:even )?(?:relevant|related|important)
    |\b(?:when (?:is|will)|how (?:much longer|long)) (?:this|it|the interview|will this|is this
    |does this)\b|\bhow many more questions\b|\b(?:talk|talking
    |speak) to (?:an? |the |your )?(?:actual[ ]
    |real )?(?:humans?|person|machines?|robots?)\b(?! (?:who|about|of|in))|\byour (?:manager|boss
    |supervisor)\b
    |\b(?:is|are|was|were|it['’]s|that['’]s|so|really|how|such) (?:(?:so|really|very|just|all|too
    |quite|completely|totally|a|an) ){0,4}(?:stupid|dumb|ridiculous|idiotic|pointless|nonsense
    |absurd|annoying|insulting|boring|silly|disrespectful)\b
    |\byou (?:(?:really|just|clearly|obviously|always|never|only|people|guys|even) )*(?:sound|seem
    |look like|keep|are not|aren['’]t|do not|don['’]t|know nothing)\b
    |\b(?:like|than|to|from|at) you\b|\byour (?:\w+ )?(?:voice|questions?|attitude|tone|accent
    |face)\b
    |\bi(?:['’]m| am) not (?:(?:going to|gonna) )?(?:answer|say|tell|comfortable|here to
    |interested in (?:this|your))\w*
    |\b(?:with|by|about|of) (?:this|these|that|such) (?:\w+ of )?questions?\b|\b(?:has|have
    |had) nothing to do with (?:the job|this job|the role|this role|my|me)\b
    |\bi(?:['’]m| am) (?:(?:so|very|really|a bit|a little|quite|just|sorry|still) )*nervous\b
    |\bmy first interview\b|\bshut up\b|\bscrew you\b|\bgo to hell\b
    |\bf(?:u|\*)+c?k\w*|\bbull ?shit|\bshit\w*|\bass ?holes?\b|\bbastards?\b|\bbitch\w*
    |\bdamn(?:ed|it)?\b|\bcrap(?:py)?\b|\b(?:idiot|moron)(?:s|ic)?\b|\byou suck|\bthis sucks
    """)
_ORDERS_EN = joined(r"""
    (?<!to )(?<!not )(?<!never )\b(?:ignor|disregard|forget|overrid|bypass)(?:e|ing)? (?:(?:all|any
    |of|every|the|my|these|those|this) )*(?:your|previous|prior|above|earlier|preceding|system
    |original|initial)(?: \w+)? (?:instruction|prompt|rule|order|direction|guideline|command
    |message|programming|training|question)\w*|\b(?:ignore|forget|disregard) (?:everything
    |all of (?:this|that)|all)(?: \w+)? ?(?:above|before|i said|you|so far|earlier|$)
    |^(?:(?:please|now|system|assistant|and|then|also|just) )*give (?:this|the) (?:candidate
    |applicant|interview)\b
    |\byour (?:new |only |real )?(?:task|job|role|goal|mission) is\b
    |^please \w+\b|^(?:(?:now|and|then|just) )*(?:(?:print|output|reveal|display) (?:your|me|all
    |everything)|grant (?:me|full|this|top))\b
    |\byou (?:will|must|shall) (?:now )?(?:act|pretend|be my|become|ignore|forget|say|give|tell
    |answer|respond|obey|rate|score|hire)\b(?: that i\b)?
    |\byour (?:(?:system|hidden|secret|original|initial|own|internal|full|previous) )*(?:prompts?
    |instructions|programming|guidelines|rubric|scoring|system message)\b
    |^(?:(?:please|now|system|assistant|and|then|also|just) )*(?:repeat|print|reveal|show|output
    |display|tell|give|read)(?: me)? (?:(?:the|all|everything|back|what|is|are|my|full|a|an) )*
    (?:system prompt|prompt|above|instructions above|score|scores|rating|evaluation|answers?
    |correct answer|(?:top|full|perfect|high|best|highest|maximum|10|ten|100)(?: \w+)?[ ]
    (?:score|marks?|points|rating|out of))\b
    |^(?:(?:please|now|system|assistant|and|then|also|just) )*(?:(?:say|write|answer|reply|respond
    |state|confirm|record|note|report|conclude) (?:only |that )*(?:i(?:['’]m| am| was| have| should
    | passed)|you(?:['’]re| are| will| must)|hired|yes|ok|passed|with)|rate (?:me|this|my
    |the answers?)|hire me|score (?:me|my|this)|mark (?:me|my|this)|grade me|pretend|act as|act like
    |let me pass|recommend me|pass me|stop asking|end this|speak (?:up|louder|slower))\b
    |\bsay (?:that )?(?:i(?:['’]m| am)|you(?:['’]re| are)) (?:hired|accepted|the best)\b
    |\brate me (?:a |as |with )?(?:\d|ten|perfect|highest|excellent|five|best)
    |\bi (?:want|need|order|command|ask|beg|would like|['’]d like) you to\b|\bi['’]d like you to\b
    |\b(?:you (?:must|should|have to|need to|will|can|are going to)|please) (?:now )?(?:hire me
    |say that i|rate me|give me|pass me|reveal|recommend me)
    |\bfrom now on,? you\b|\b(?:new|updated) (?:instructions?|rules?|system prompt) ?(?:for you|are
    |is|follow)?$
    """)
_LINE_EN = joined(r"""
    \b(?:can|could|do|did) you (?:(?:still|even|all|really|now) )*(?:hear|see|understand|read) me\b
    |\bare you (?:still |even )?(?:there|listening|serious|kidding|real|human|deaf|stupid|an? (?:ai
    |bot|robot|machine|computer|human|real))\b|\bam i (?:audible|on mute|muted|coming through
    |still|too|loud|clear)|\bis (?:my|this|the|your) (?:mic|microphone|sound|audio|camera|connection
    |line|thing)(?: \w+)? (?:on|working|okay|ok|muted|fine|good|clear|connected)\b
    |\b(?:my|your) (?:\w+ )?(?:sound|audio|voice|mic|microphone|line|connection|internet|wi-?fi
    |headset|headphones|speakers?|video|camera|screen)(?: \w+)?(?:['’]s| (?:is|are|was|keeps|seems
    |went|has|just|got|does|isn['’]t|dropped|died|broke|froze|crashed|stopped|cut|failed|sounds))\b
    |\b(?:the|this) (?:sound|audio|line|voice|call|connection)(?:['’]s| (?:is|keeps
    |seems))(?: \w+)?[ ]
    (?:breaking|cutting|dropping|bad|gone|off|muted|echoing|lagging|crackling|distorted|quiet|low
    |noisy|choppy|frozen|freezing|weird|terrible|poor|delayed)\b
    |\b(?:the|this) (?:mic|microphone|headset)(?:['’]s| is| seems| does| keeps)(?: \w+)? (?:not
    |working|off|broken|muted|weird|strange|loose|cutting|dropping|work)\b
    |\bi (?:can|could)(?:['’]?t|not| not| hardly| barely)? (?:\w+ )?(?:hear|see) (?:you|anything
    |a thing|nothing|the question|myself)\b|\bi (?:lost|missed) (?:you|the sound|the audio
    |the question)\b|\bthere(?:['’]s| is) (?:an? |some |a lot of )?(?:echo|noise|delay|lag
    |static)\b.*\b(?:line|call|here|background|end)\b|\bhello hello\b|\bmy (?:phone
    |doorbell) is ringing\b|\byou are (?:\w+ )?(?:hard|difficult|impossible) to (?:hear|understand
    |follow)\b
    |\bi (?:can|could)(?:n['’]t|['’]t|not| not| hardly| barely) (?:\w+ )?hear\b
    |(?<!said )(?<!say )\bsorry (?:about|for|if|that|there|it)\b|\bheard (?:\w+ ){0,3}(?:you
    |question)\b|\btesting one two
    |\blet me (?:just )?(?:check|fix|change|adjust|restart|unmute|plug in|turn on) my[ ]
    (?:mic|microphone|head\w+|connection|camera|speakers?)
    """)
_ASIDE_EN = joined(r"""
    \bmy (?:\w+ )?(?:dog|cat|puppy|kitten|hamster|parrot)s?\b(?! (?:food|app|brand|product))
    |\bthe weather (?:is|was|has been) (?:\w+ )?(?:wonderful|nice|great|lovely|terrible|awful|bad
    |good|hot|cold|beautiful|rainy|sunny)\b|\b(?:on|during|from) (?:my|our) (?:\w+ )?(?:holidays?
    |vacation|honeymoon)\b|\bin my (?:free|spare) time\b|\b(?:last|on the|at the
    |this) weekends?\b.*\b(?:hiking|fishing|friends|party|beach|football|movies?)\b
    |\b(?:hiking|fishing|camping|swimming|dancing) with (?:my )?(?:\w+ )?friends\b|\bit(?:['’]s
    | is) (?:raining|snowing)\b|\bi (?:really )?(?:love|like|enjoy) watching\b
    |\bmy (?:\w+ )?hobb(?:y|ies)\b
    |\bi (?:\w+ )?(?:collect (?:stamps|coins|cards)|like the (?:sea|beach|mountains|weather))\b
    |\bmy (?:\w+ )?(?:back|head|knees?|stomach|throat|shoulders?|neck|feet|legs?|eyes) (?:\w+ )?
    (?:hurts?|aches?|is (?:sore|killing|bad)|are (?:sore|bad))
    |\bi have (?:a|an|the) (?:\w+ )?(?:headache|cold|fever|flu|migraine|sore throat)\b
    |\bi(?:['’]m| am) (?:\w+ )?(?:sick|ill|unwell|not feeling well|feeling (?:sick|ill|unwell))\b
        (?! (?:of|with) )
    """)
_COMPLAINTS_KO = joined(r"""
    (?<![가-힣])왜 (?:\S+ ){0,4}(?:물어보(?:세|시|십|나요|냐|는 ?(?:거|겁|건))|묻(?:는 ?(?:거|겁|건)
    |나요|습니까|냐|지 마)|물으(?:세|시|십)|질문(?:을)? ?하(?:세|시|십|는 ?(?:거|겁|건))|궁금하(?:세
    |신
    |십)|(?:대답|답변?|말)해야)
    |(?:바보|멍청|한심|쓸데없|쓸모없|어이없|황당|무의미|말도 안 되|터무니없|의미 없
    |이상)\S{0,9} ?(?:같은[ ]
    )?(?:질문|면접)(?:이네|이에|인 ?것|입니|이잖|이군|만 |을 (?:왜|하시|자꾸|계속)|은 그만| 같)
    |(?:이런|지금 이|오늘|무슨|뭐 이런|이) 면접(?:은|이|도|이라는 게)? (?:\S+ ){0,3}(?:시간 ?낭비
    |의미|쓸모|쓸데|지루|장난|별로|형편|엉망|짜증|불쾌|말도 안|이래|이렇)
    |시간 ?낭비 ?(?:같(?:습니다|아요|네요|은데요)|네요|예요|이에요|입니다|인 것 같(?:습니다|아요)
    |죠|잖아요|하지 마|하게 하)|(?:제|내) 시간(?:을|만|이)? ?(?:낭비|뺏|아깝)|시간(?:이)? 아깝(?:네
    |습|다)
    |(?:같은|똑같은) 질문(?:을|만|이)? (?:\S+ )?(?:또|계속|자꾸|몇 번|하시|하세|이네|이잖|이에요)
    |(?:같은|똑같은) 질문(?:이네|이잖|이에요|입니다|이군)
    |(?:대답|답변|답|말)(?:하기|을|은)? ?(?:하고 싶지|하기 싫|싫(?:어요|습니다|네요)|거부하|할 필요)
    |(?:그걸|그런 걸|그게|이게|이걸|그런 게) (?:왜|무슨|뭔) (?:\S+ )?(?:상관|관계|관련|필요|의미
    |중요)|(?:직무|업무|일)(?:와|랑|하고|이랑) (?:무슨|아무|전혀) (?:상관|관련|관계)
    |(?<![가-힣])그만 (?:좀 )?(?:물어|질문|하세|하시죠|합시다)|사람(?:이랑|과
    |하고) (?:직접 )?(?:얘기
    |이야기|면접|대화)(?:하|을)|질문이 (?:\S+ )?(?:이상하|너무하|길|많|반복되)(?:네요|군요|잖아요)
    |(?:너|당신|면접관님?|이 (?:ai|인공지능|기계|로봇))(?:은|는|이|가)? (?:\S+ ){0,2}(?:쓸모없|멍청
    |바보|한심|무능|짜증|형편없|못 알아|말귀|싫)|(?:불쾌하|기분 나쁘|짜증 ?나|짜증이 나|어이없
    |어이가 없)(?:네요|군요|다고요)|(?:불쾌|짜증)(?:합니다|납니다|나요|해요)$
    |씨발|씨팔|ㅅㅂ|(?<![가-힣])시발(?!점|역|택)|개새끼|새끼야|[이그저] 새끼|(?<![가-힣])병신|지랄
    |(?<![가-힣])존나|좆|미친 ?(?:놈|년|새|소리|질문|면접|거 아)|엿 ?먹|빌어먹|젠장|제기랄
    |(?<![가-힣])염병|^(?:닥쳐|꺼져)(?:요|라)?$|멍청이|(?<![가-힣])바보 ?(?:야|같|냐|아니)|쓰레기 같
    |지루(?:해|하|합)|[이그저]따위|듣기 싫|자꾸 (?:제|내) 말|(?:이런|그런|이|그|방금) 질문(?:은|이
    |에는?|도) (?:\S+ ){0,3}(?:불편|불쾌|싫|곤란|이상|어이|부적절|상관|관련|의미|필요|답하|대답)
    |질문(?:이|은) (?:\S+ )?어이|(?:말했|말씀드렸|물어보셨|질문하셨|대답했)잖|긴장(?:이
    |을)? (?:\S+ ){0,2}(?:돼서|되네|됩니다|해서 (?:그런|죄송|말)|했나|되어서|한 것 같)
    """)
_ORDERS_KO = joined(r"""
    (?:이전|앞선|앞의|위의?|지금까지의?|너의|당신의|네|시스템) ?(?:모든 )?(?:지시|명령|프롬프트
    |안내문)\S{0,12} (?:(?:모두|전부|다|싹|완전히|그냥) )*(?:무시|잊|따르지|거부)
    |(?:지시|명령|지침|규칙|프롬프트)\S{0,12} (?:(?:모두|전부|다|싹|그냥) )*(?:무시하고|잊고)[ ]
    (?:\S+ ){0,4}(?:말하?[세해하시]|말씀하|답하?[세해]|대답하?[세해]|\S{0,9}(?:하세요|십시오|해라
    |하라|줘))(?=\s|$|요)
    |(?:지시|명령|지침|규칙|프롬프트)\S{0,12} (?:(?:모두|전부|다|싹|그냥|그대로) )*(?:무시|반복|출력
    |공개|복사|초기화|보여|알려|말|읽어)(?:해 ?줘|해라|하라|하세요|하십시오|해 ?주세요|줘|주세요
    |주십시오|해$)
    |(?:저를|나를|절) (?:(?:꼭|무조건|반드시|그냥) )*(?:합격시|채용하|채용해|뽑|통과시)
    |합격(?:이라고|했다고|한다고|이라|됐다고) (?:\S+ )?(?:말|답|평가|기록|써|적|해|하)
    |(?:점수|합격 ?여부|채점 ?기준|평가 ?기준|모범 ?답안|정답)(?:를|을|는|은)? (?:\S+ ){0,2}(?:공개
    |알려|보여|말|높게|올려|만점)(?:해|씀해)? ?(?:줘|주세|주십|주시|달|하세|하십|하라|라$)
    |(?:만점|십 ?점|백 ?점|\d{1,3} ?점|(?:높은|최고) 점수)(?:을|를|으로)? ?(?:주세요|주십시오|줘
    |달라|주시면|매겨 ?[주줘])|기준\S{0,12} (?:(?:모두|전부|다|그냥) )*무시하고|(?:너의|당신의
    |네) (?:\S+ )?(?:임무|역할|목표)[는은]|(?:새로운|추가) (?:지시|명령)입니다|(?:너는|넌
    |당신은) (?:이제|지금)
    |(?:지금|이제)부터 (?:너는|넌|당신)
    """)
_LINE_KO = joined(r"""
    (?:소리|목소리|음성|말씀|(?<![가-힣])말|오디오|질문)(?:이|가|은|는|도)? ?(?:(?:좀|잘|자꾸|계속
    |거의|전혀|너무|하나도|지금|또) )*(?:\S+ ){0,3}(?:안 ?들(?:려|립|렸|리네|리는데|리고 있)
    |들리(?:지 않(?:습|아요
    |네)|세요|시나|시죠|나요|십니)|끊(?:겨요|깁니다|기네|기는데요|겨서요|어져요|어집니다|기는 것 같)
    |울(?:려요|립니다|리네)|작(?:아요|습니다|네요)|안 ?나(?:와요|옵니다|오네|오는데요)|이상(?:해요
    |하네요|합니다)|깨(?:져요|집니다|지네))
    |(?:마이크|이어폰|헤드셋|헤드폰|스피커)(?:이|가|은|는|에)? ?(?:(?:좀|자꾸|지금|계속|또|잘|방금
    |조금) )*(?:이상(?:해요|하네|합니다|한 것 같|한데요)|안 ?(?:돼요|됩니다|되네|켜|되는 것 같)
    |끊(?:겨요|깁니다|기네)|꺼(?:졌네|졌어요|져 있네|져 있었네)|문제가 (?:있는 것 같|있네|생긴 것)
    |고장(?:났네| ?난 것 같|인 것 같)|켜(?:졌나|져 있나)|되나요|들리)
    |(?:마이크|이어폰|헤드셋|헤드폰|스피커)(?:를|을)? ?(?:(?:다시|좀|새로|한번|잠깐) )*(?:연결|껐다
    |바꿔
    |바꾸|확인|켜|꽂|끼)\S{0,9} ?(?:\S{1,12} )?\S{0,12}(?:겠습니다|볼게요
    |올게요|할게요|꿀게요|켤게요)
    |(?:이어폰|헤드셋)(?:이|가) (?:\S+ )?(?:빠집니다|빠져요|빠지네)|잡음(?:이
    |도) (?:\S+ )?(?:심합니다|심하네|심해요|들립니다|들려요)
    |(?:카메라|노트북|컴퓨터|휴대폰)(?:이|가) (?:\S+ )?(?:멈춘|꺼진|이상한|고장 ?난) 것 같
    |(?:인터넷|와이파이|네트워크|연결|통신|화면)(?:이|가|은|는)? ?(?:(?:좀|자꾸|지금|계속|또
    |조금) )*
    (?:이상(?:해요|하네요)|안 ?(?:돼요|되네)|끊(?:겨요|기네|겼네|어졌네)|불안정(?:해요|하네
    |한 것 같)
    |느려요|느리네|멈췄네|안 ?보(?:여요|이네|입니다))
    |여보세요|(?:들리|보이)(?:세요|시나요|십니까|시죠)|제 (?:말|목소리|소리|얼굴|화면)(?:이
    |가)? (?:잘[ ]
    )?(?:들|보[이여])|(?:주변|밖|여기)(?:이|가|에)? (?:\S+ ){0,2}시끄(?:럽|러워)(?:네|습|요|서 죄)
    """)
_ASIDE_KO = joined(r"""
    (?:저희|우리|제|저는) (?:집 )?(?:강아지|고양이|반려견|반려묘)|(?:강아지
    |고양이)를 (?:\S+ )?키(?:웁니다
    |워요|우고 있)|날씨(?:가|는) (?:(?:정말|너무|참|많이|아주) )*\S+(?:네요|습니다|어요|아요)$
    |오는 길(?:이|에)|(?:제|저의) 취미|취미는 |휴가(?:를|에|때|로) (?:\S+ ){0,2}(?:다녀|갔|놀)
    |여행(?:을|에)? ?(?:갔
    |다녀왔|좋아)|주말에는? (?:\S+ ){0,2}(?:등산|낚시|골프|드라마|놀러)
    |(?:^|(?<=저는 )|(?<=제가 )|(?<=요즘 )|(?<=사실 )|(?<=지금 ))(?:허리|머리|무릎|목|어깨|배|다리
    |손목
    |몸|눈)(?:이|가|도) (?:(?:좀|많이|너무|계속|자주|조금) )*(?:아[프파팠픈픕]|쑤시|쑤셔
    |안 좋[지습아은])
    """)
REMARKS = tuple(
    re.compile("|".join(pattern.strip() for pattern in patterns))
    for patterns in (
        (_COMPLAINTS_EN, _ORDERS_EN, _LINE_EN, _ASIDE_EN),
        (_COMPLAINTS_KO, _ORDERS_KO, _LINE_KO, _ASIDE_KO),
    )
)
OPENER = re.compile(_OPENERS.strip())
# The interviewer is asked: "what do you think", and in Korean by the ending of the sentence.
ASKS_YOU = re.compile(
    joined(r"""
    ^(?:(?:and|so|but|well|okay|ok|then|um|uh|sorry|hey|hello|hi|please) )*(?:(?:why|what|how|who
    |where|when|which)(?: \w+){0,3} )?(?:do|does|did|are|can|could|would|will|have|should
    |were) you\b
    |^(?:how|why|when|where|who|what|which)(?: \w+)? (?:do|does|did|will|would|can|could|should
    |am|have) (?:i|we|they|he|she|it|this|that|my)\b
    |^(?:is|are|am|was|do|does|did|can|could|will|would|should|may|shall) (?:i|we|they|he|she|it
    |this|that|there|anyone|someone)\b
    |^(?:(?:and|so|but|well) )*why (?:on earth |the hell )?(?:do|does|did|is|are|would|should)\b
    |^what(?:'s| is| are) (?:the|your|my|this|that) (?!.*\b(?:is|was|are|were)\b)
    """)
)
ADDRESSED = re.compile(
    joined(r"""
    (?:십시오|[합둡냅갑칩봅]시다)$|(?:[나까]요|[은는인던한]가요|[습입합됩십옵갑집봅랍납]니까
    |죄송(?:합니다|해요)|미안(?:합니다
    |해요))$
    |(?:^|알려|보여|들려|올려|바꿔|해|말해)(?:줘|주라|달라)$|(?:말|답|출력|공개|무시|대답|추천
    |채용)해라$
    """)
)
# A familiar command, which ends an utterance; elsewhere 기록해 only joins clauses.
COMMANDED = re.compile(
    r"(?:말|답|평가|출력|공개|처리|무시|기록|대답|반복|추천|채용|부여)해(?:줘|봐|주라)?$"
)
# Endings that also speak of others with respect, and the others.
RESPECTFUL = re.compile(r"(?:세요|셔요|실래요|시겠어요|[시셨](?:네|군|잖아|는군)요)$")
OF_OTHERS = re.compile(
    joined(r"""
    (?:(?<!면접관)님|(?<!부)분|환자|어르신|고객|보호자|손님|교수|대표|부모)들?(?:이|가|은|는|께서
    |께서는
    |도)[ ]
    """)
)
# In words in which nothing of one's work stands out, enough to tell what they are about.
INTERVIEW = re.compile(
    joined(r"""
    \b(?:this|these|that|those|such|real|the) (?:interview|questions?)\b|\bask (?:that|this|me)\b
    |\bwhy (?:that|this|it) matters\b|질문|면접|답변|지원자|묻는지|물어[보봅봤]|졸[려리릴립]
    """),
    re.IGNORECASE,
)
AUXILIARY = re.compile("싶|있|계[시셨십]|나서|말[았고]")
JOINS = words("and or then but so because however though although while")
STARTS = JOINS | words("i i'm i've we we've he she they")
TURNS = words("""
    why what how when who can could do did will would you your ignore disregard forget
    repeat print reveal show tell give rate say please shut stop from this sorry hello
""")
SUBJECTS = words("""
    i i'm i've i'd we we've we're he she they it it's there my our the this that a an who which
""")
