"""References and ids: drawn, never counted; and what a request shows of itself."""

import re
from collections import Counter as Tally
from itertools import pairwise
from operator import eq

from handlers.desk.ports import Customer
from handlers.desk.requests import Detail, new_id, new_ref

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFS = [new_ref() for _ in range(10_000)]


def test_a_reference_has_one_form_and_no_sign_that_looks_like_another() -> None:
    form = re.compile(f"M-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}")
    assert all(form.fullmatch(ref) for ref in REFS)
    assert not set("01ILOU") & set(ALPHABET)


def test_no_reference_comes_twice() -> None:
    assert len(set(REFS)) == len(REFS)


def test_every_sign_comes_about_equally_often_in_every_place() -> None:
    for place in range(10):
        tally = Tally(ref[2:].replace("-", "")[place] for ref in REFS)
        assert set(tally) == set(ALPHABET)
        assert 200 < min(tally.values()) <= max(tally.values()) < 480  # 333 each; seven standard deviations either way


def test_nothing_in_a_reference_follows_from_the_one_before() -> None:
    ordered = sum(earlier < later for earlier, later in pairwise(REFS))
    assert 4_600 < ordered < 5_400
    alike = [sum(map(eq, earlier[2:], later[2:])) for earlier, later in pairwise(REFS)]
    assert max(alike) <= 2 + 6  # the two hyphens, and what chance gives


def test_ids_are_128_random_bits() -> None:
    ids = {new_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in ids)


def test_what_is_personal_is_hidden_from_repr() -> None:
    detail = Detail("scope", "canary-1", "canary-2", "canary-3")
    customer = Customer("i", "c", "canary-4", "canary-5", "canary-6", {"address": "canary-7"})
    assert "canary" not in repr(detail)
    assert "canary" not in repr(customer)
