"""Days and instants in words: for a customer in their language, for staff in one form for both."""

from datetime import date, datetime

_WEEKDAYS_JA = "月火水木金土日"


def day_in_words(day: date, language: str) -> str:
    """`Sunday, 6 December 2026`, `2026年12月6日（日）`."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日（{_WEEKDAYS_JA[day.weekday()]}）"
    return f"{day:%A}, {day.day} {day:%B %Y}"


def day_for_staff(day: date) -> str:
    """`2026-12-06 (Sun/日)`."""
    return f"{day.isoformat()} ({day:%a}/{_WEEKDAYS_JA[day.weekday()]})"


def instant_for_staff(at: datetime) -> str:
    """`2026-11-22 (Sun/日) 12:34 Asia/Tokyo`, in the time zone that `at` has."""
    return f"{day_for_staff(at.date())} {at:%H:%M} {at.tzinfo}"
