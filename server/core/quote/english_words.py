"""English words by which a stretch of an answer is known to be worth taking up."""

from __future__ import annotations

import re

from server.core.lists.patterns import joined, words

FUNCTION = words("""
    a an the this that these those i me my mine we us our ours you your he she it its they them
    their and or but so because if when while although though since as than then also too very
    really just quite actually basically maybe perhaps well like um uh er hmm yeah yes no not
    okay ok oh am is are was were be been being do does did done have has had having will would
    can could should shall may might must to of in on at by for with from into onto over under
    about after before between through during without within per via up out off down again there
    here what which who whom whose where why how all any some each every both such own same only
    more most much many i'm i've i'd i'll we're we've we'd it's that's there's didn't don't
    doesn't wasn't weren't isn't couldn't wouldn't can't won't kind sort bit lot thing things
    stuff something anything everything let let's say said think guess mean know get got getting
    go going went s t
""")
CLAUSE_BREAKS = words("""
    and but so because which while although though since then when where if unless until whereas
    that who
""")
DETERMINERS = words("""
    a an the this that these those my our your his her its their some any
""")
PREPOSITIONS = words("""
    to of in on at by for with from into onto over under about after before between through
    during without within per via using instead rather as
""")

NUMBER = re.compile(
    joined(r"""
    \d|^(?:percent|times|million|billion|half|twice|double[ds]?|tripled?|dozens?|two|three|four|five
    |six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty
    |ninety|hundreds?|thousands?|millions?)$
    """)
)
MEASURE = re.compile(
    joined(r"""
    %|\b(?:percent|half|halved|doubled|tripled|(?:twice|times) (?:as|faster|more|less)
    |milliseconds?|ms)\b|(?m:^(?>.*?\b(?:reduc|cut|increas|improv|sav|rais|lower|dropp|grew
    |shorten)\w*\b).*\b(?:\d|by \w+|to \w+ ))|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine
    |ten) \w+ instead of (?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\b
    """)
)
PROBLEM = re.compile(
    joined(r"""
    ^(?:problem\w*|issues?|fail\w*|broke\w*|break\w*|bugs?|outages?|incidents?|slow\w*|late
    |delay\w*|crash\w*|error\w*|conflict\w*|complain\w*|risk\w*|difficult\w*|hard|hardest
    |struggl\w*|mistake\w*|wrong|bottleneck\w*|lost|missing|stuck|challeng\w*|disagree\w*|leak\w*
    |attack\w*|vulnerab\w*|shortage\w*|defect\w*|timeouts?|reject\w*|overfit\w*|unstable
    |inconsisten\w*)$
    """)
)
DECISION = re.compile(
    joined(r"""
    ^(?:decid\w*|decision\w*|chose\w*|choos\w*|choice\w*|select\w*|pick\w*|prefer\w*|prioriti\w*
    |trade-?offs?|instead|rather|replac\w*|switch\w*|migrat\w*|moved|propos\w*|convinc\w*
    |compar\w*)$
    """)
)
TEAM = re.compile(
    joined(r"""
    ^(?:team\w*|colleague\w*|manager\w*|stakeholder\w*|customer\w*|client\w*|mentor\w*|coach\w*|together|designers?|vendors?|interns?|juniors?|patients?|students?|collaborat\w*
    |engineers?|people)$
    """)
)
ACTION = re.compile(
    joined(r"""
    ^(?:built|build\w*|designed|designing|wrote|written|led|leading|creat\w*|develop(?!er)\w*
    |implement\w*|reduc\w*|improv\w*|increas\w*|automat\w*|launch\w*|deploy\w*|manag(?!er)\w*
    |organi[sz]\w*|analy[sz]\w*|test\w*|fix\w*|solv\w*|refactor\w*|rewrote|set|introduc\w*
    |optimi[sz]\w*|measur\w*|investigat\w*|research\w*|negotiat\w*|sold|taught|train\w*|hired
    |plann\w*|monitor\w*|migrat\w*|moved|split|add\w*|remov\w*|cut|handl\w*|maintain\w*|ran
    |running|tuned|tuning|found|cach\w*|index\w*|review\w*|document\w*|redesign\w*|restor\w*
    |work\w*|made|grew|doubled|started|learned|integrat\w*|debug\w*|collect\w*|us(?:ed|ing)|studied
    |graduated
    |joined|rewr\w*|sav\w*|prepar\w*|present\w*|rebuil\w*|clos(?:ed|ing)|grad(?:ed|ing)|rat(?:ed
    |ing)
    |kept|brought|drafted|resolv\w*|configur\w*|install\w*|upgrad\w*|rais(?:ed|ing)|lower(?:ed|ing)
    |label\w*|calibrat\w*|audit(?:ed|ing)|reconcil(?:ed|ing)|schedul(?:ed|ing)|coordinat\w*
    |translat\w*
    |prototyp\w*|interview(?:ed|ing)|recruit(?:ed|ing)|onboard\w*|defin(?:ed|ing)|validat\w*
    |verif\w*
    |profil(?:ed|ing)|trac(?:ed|ing)|partition(?:ed|ing))$
    """)
)
TERM = re.compile(r"[A-Z]{2,}|[a-z][A-Z]|\w[.+#/]\w|[+#]$|^(?=.*\d)(?=.*[A-Za-z])")
DIFFICULTY = re.compile(
    r"^(?:hard|hardest|harder|difficult\w*|challeng\w*|tough\w*|trick\w+|struggl\w*)$"
)
# What somebody was or was in charge of, said by the first word.
DUTY = words("start started began joined graduated studied responsible worked working")
# Verbs whose object is people; with others a customer is only whom the work was for.
WITH_OTHERS = words("""
    led leading managed managing trained training taught hired coached mentored presented presenting
    onboarded coordinated recruited negotiated interviewed worked working handled handling organised
    organized
""")
VAGUE = re.compile(
    joined(r"""
    \b(?:lots? of|many|various|several|different|all (?:kinds|sorts) of|some) (?:\w+ )?(?:things
    |stuff
    |ways|tasks|areas|topics|aspects|experiences?|projects|responsibilities)\b|\bteam ?work\b
    |\bwork(?:ed|ing)? (?:very |really )?hard\b|\b(?:did|do) my best\b|\blearn(?:ed|t) (?:a lot
    |so much)
    """)
)
NO_ANSWER = re.compile(
    joined(r"""
    \b(?:do not|don['’]?t|cannot|can['’]?t|couldn['’]?t|didn['’]?t) (?:really |quite |even )?
    (?:know|remember|recall|think of|hear|understand|say|answer|catch)
    |\bnot (?:really |quite |so )?sure\b|\bno (?:idea|comment|experience|answer|clue)
    |\b(?:repeat|rephrase|skip)\b.*\b(?:question|it|that|this)\b|\blet me (?:think|see)
    |\b(?:moment|second|minute)s?,? please|\b(?:good|great|interesting|tough|hard) question
    |\bnext question|\bpass\b\s*$|\bthank you|\bthat['’]?s (?:it|all)\b
    |\bnever (?:used|done|worked)|\bmy name is\b
    """),
    re.IGNORECASE,
)
