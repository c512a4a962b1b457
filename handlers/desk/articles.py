"""Article numbers as people of each language read them. Which article it is stands in the law's data."""

import re

_PLACE = re.compile(r"(\d+)(?:-(\d+))?(?:\((\d+)\))?")


def article_ja(article: str) -> str:
    """`33(1)` → `第33条第1項`; `35(1), 18` → `第35条第1項・第18条`. What is no such number stays as it is."""
    return "・".join(_place_ja(place.strip()) for place in article.split(","))


def _place_ja(place: str) -> str:
    found = _PLACE.fullmatch(place)
    if found is None:
        return place
    number, branch, paragraph = found.groups()
    return f"第{number}条" + (f"の{branch}" if branch else "") + (f"第{paragraph}項" if paragraph else "")
