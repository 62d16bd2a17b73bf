"""Is this text a place or an address? So that 'Istanbul, Turkey' is not taken for a role."""

from __future__ import annotations

import re
from functools import lru_cache

from workers.reading.labels import squash
from workers.reading.words import pattern, words

_COUNTRIES = """
usa|us|u.s.|u.s.a.|united states|uk|u.k.|united kingdom|england|scotland|wales|ireland|germany
|deutschland|france|italy|italia|spain|españa|portugal|netherlands|the netherlands|belgium
|switzerland|austria|denmark|sweden|norway|finland|iceland|poland|czech republic|czechia|slovakia
|hungary|romania|bulgaria|greece|turkey|türkiye|ukraine|russia|belarus|estonia|latvia|lithuania
|serbia|croatia|slovenia|israel|egypt|morocco|tunisia|algeria|nigeria|kenya|ghana|south africa
|ethiopia|uae|united arab emirates|saudi arabia|qatar|iran|iraq|pakistan|india|bangladesh
|sri lanka|nepal|china|hong kong|taiwan|japan|korea|south korea|republic of korea|vietnam
|viet nam|thailand|malaysia|singapore|indonesia|philippines|australia|new zealand|canada|mexico
|brazil|brasil|argentina|chile|colombia|peru|venezuela|ecuador|uruguay|cuba|kazakhstan|mongolia
|country|日本|中国|remote|europe|asia
"""
_CITIES = """
new york|nyc|new york city|los angeles|san francisco|sf bay area|bay area|san francisco bay area
|silicon valley|san jose|san diego|seattle|boston|chicago|austin|dallas|houston|atlanta|miami
|denver|portland|philadelphia|washington|washington dc|washington d.c.|toronto|vancouver|montreal
|london|cambridge|oxford|manchester|edinburgh|dublin|berlin|munich|münchen|hamburg|frankfurt
|cologne|paris|lyon|madrid|barcelona|lisbon|rome|milan|amsterdam|brussels|zurich|zürich|geneva
|vienna|wien|prague|warsaw|kraków|krakow|budapest|bucharest|sofia|athens|istanbul|ankara|moscow
|saint petersburg|kyiv|kiev|tel aviv|cairo|dubai|mumbai|delhi|new delhi|bangalore|bengaluru
|hyderabad|chennai|pune|kolkata|karachi|lahore|dhaka|beijing|shanghai|shenzhen|guangzhou|hangzhou
|taipei|tokyo|osaka|kyoto|seoul|busan|incheon|daegu|daejeon|gwangju|suwon|seongnam|pangyo|hanoi
|ho chi minh city|bangkok|kuala lumpur|jakarta|manila|sydney|melbourne|brisbane|auckland|lagos
|nairobi|johannesburg|cape town|são paulo|sao paulo|rio de janeiro|buenos aires|santiago|bogotá
|bogota|lima|mexico city|copenhagen|stockholm|oslo|helsinki|wonderland|location|city
|北京|上海|广州|深圳|杭州|成都|南京|武汉|西安|東京|大阪|京都|東京都|台北
"""
_STATES = """
al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc
nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc bc on qc ab mb sk ns nsw vic qld
"""
_STATE_NAMES = """
alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii
idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan
minnesota mississippi missouri montana nebraska nevada ohio oklahoma oregon pennsylvania tennessee
texas utah vermont virginia wisconsin wyoming ontario quebec bavaria
"""
_KNOWN = frozenset(squash(name) for name in (_COUNTRIES + "|" + _CITIES).split("|")) | words(
    "places", "countries"
)
_REGIONS = frozenset((_STATES + _STATE_NAMES).split())
_PROVINCE = re.compile(
    rf"^\(?(?:\d{{5}}\)?\s*)?(?:{pattern('provinces')})(?:{pattern('province_kinds')})?"
    rf"(?:$|[\s,]|[\uac00-\ud7a3]+(?:{pattern('district_kinds')}))"
)
_PARTS_OF_TOWNS = re.compile(
    rf"[\uac00-\ud7a3](?:{pattern('district_kinds')})\s++[\uac00-\ud7a30-9]+(?:{pattern('street_kinds')})"
)
_STREET = re.compile(
    r"(?m:^(?>.*?\d).*\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|way|blvd|boulevard|court|ct|place|pl|"
    r"square|terrace|apt|suite|floor|unit)\b)|\b(?:street|straße|strasse|rue|calle|via|avenue|"
    r"address|p\.?o\.? box)\b",
    re.IGNORECASE,
)
_POSTAL = re.compile(r"(?:[A-Z]{1,3}-)?[0-9]{4,5} [^\W\d_][^\d,;:|]{1,40}")
_EAST = re.compile(r"[都道府県省市区].{0,12}[市区町村县路号丁目]|〒")


@lru_cache(8_192)
def is_place(text: str) -> bool:
    plain = text.strip(" •·|,.-")
    if not plain:
        return False
    if _STREET.search(plain) or _PROVINCE.search(plain) or _PARTS_OF_TOWNS.search(plain):
        return True
    if _EAST.search(plain) or squash(plain) in _KNOWN or _POSTAL.fullmatch(plain):
        return True
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) < 2:
        return False
    last = parts[-1]
    word = re.sub(r"(?<![\d\s-])[\d\s-]++$", "", last).casefold()
    if squash(last) in _KNOWN or word in _REGIONS:
        return True
    return squash(parts[0]) in _KNOWN
