"""Proofs: all of one alternative, or nothing is proved."""

from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.desk.assurance import Proof, is_proved, label, read_need

PROOFS = st.frozensets(st.sampled_from(Proof))
TELLING = PROOFS.filter(lambda each: not each <= {Proof.ATTRIBUTES})
"""Alternatives as a preset may have them."""
NEEDS = st.lists(TELLING, min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("need", "reached", "proved"),
    [
        ([["E", "P"], ["D"]], {"E"}, False),
        ([["E", "P"], ["D"]], {"E", "P"}, True),
        ([["E", "P"], ["D"]], {"D"}, True),
        ([["E", "P"], ["D"]], {"E", "A", "2P"}, False),
        ([["E", "A", "2P"]], {"E", "A"}, False),
        ([["E", "A", "2P"]], {"E", "A", "2P"}, True),
        ([["E"], ["P"]], {"A"}, False),
        ([["E"]], set(), False),
        ([], set(), True),
        ([], {"A"}, True),
    ],
)
def test_all_proofs_of_one_alternative(need: list[list[str]], reached: AbstractSet[str], proved: bool) -> None:
    assert is_proved(read_need(need), {Proof(each) for each in reached}) is proved


@given(NEEDS)
def test_attributes_alone_never_prove_anything(need: list[frozenset[Proof]]) -> None:
    assert not is_proved(need, {Proof.ATTRIBUTES})
    assert not is_proved(need, ())


@given(NEEDS, PROOFS, PROOFS)
def test_more_proof_never_proves_less(
    need: list[frozenset[Proof]], reached: frozenset[Proof], more: frozenset[Proof]
) -> None:
    assert is_proved(need, reached | more) >= is_proved(need, reached)


@given(NEEDS, PROOFS)
def test_proved_means_that_one_alternative_is_whole(need: list[frozenset[Proof]], reached: frozenset[Proof]) -> None:
    assert is_proved(need, reached) is any(not alternative - reached for alternative in need)


@given(st.lists(TELLING))
def test_a_need_is_read_as_it_is_written(need: list[frozenset[Proof]]) -> None:
    assert read_need([sorted(each) for each in need]) == tuple(need)


@pytest.mark.parametrize(
    "faulty",
    [[["X"]], [["e"]], [["E", None]], [[["E"]]], ["E"], "E", 5, {"E": "P"}, [[]], [["A"]], [["E"], ["A", "A"]]],
)
def test_what_is_no_need_is_refused(faulty: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_need(faulty)


@given(st.permutations(list(Proof)))
def test_a_label_has_one_order(proofs: list[Proof]) -> None:
    assert label(proofs) == "E+P+A+D+2P"
    assert label(()) == ""


@given(PROOFS)
def test_a_label_tells_its_proofs(proofs: frozenset[Proof]) -> None:
    assert {Proof(each) for each in label(proofs).split("+") if each} == proofs
