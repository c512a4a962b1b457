"""Article numbers as people of each language read them. Which article it is stands in the law's data."""

import re

_PLACE = re.compile(r"(\d+)(?:-(\d+))?(?:\((\d+)\))?(?:\(([a-z]+)\))?")
_ITEMS = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}
"""Items (号) of Japanese laws are written in Roman numbers; a letter, as EU laws have it, stays one."""


def article_ja(article: str) -> str:
    """`33(1)` → `第33条第1項`; `35(1), 18` → `第35条第1項・第18条`; `33(2)(i)` → `第33条第2項第1号`.

    What is no such number stays as it is.
    """
    return "・".join(_place_ja(place.strip()) for place in article.split(","))


def _place_ja(place: str) -> str:
    found = _PLACE.fullmatch(place)
    if found is None:
        return place
    number, branch, paragraph, item = found.groups()
    parts = [f"第{number}条", f"の{branch}" if branch else "", f"第{paragraph}項" if paragraph else ""]
    if item:
        parts.append(f"第{_ITEMS[item]}号" if item in _ITEMS else f"({item})")
    return "".join(parts)
