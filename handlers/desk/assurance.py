"""Identity by risk: what proves who is asking, and how much of it a request needs.

The rule this file guards: a request is proved only when *all* proofs of *one* of its alternatives are there.
Attributes (A) find a record and never prove alone (OWASP ASVS 6.4.2).
"""

from collections.abc import Iterable
from enum import StrEnum


class Proof(StrEnum):
    """One way in which a person showed who they are."""

    MAIL = "E"
    """Typed the code that was sent to the registered e-mail address."""
    PHONE = "P"
    """Shared their own Telegram contact, and it is the registered phone."""
    ATTRIBUTES = "A"
    """Named facts that match the record."""
    DOCUMENT = "D"
    """A document that a member of staff looked at."""
    TWO_PERSON = "2P"
    """Two members of staff agreed."""


def read_need(alternatives: object) -> tuple[frozenset[Proof], ...]:
    """Turn a preset's `[[E, P], [D]]` into alternatives of proofs.

    Raises ValueError for an unknown proof, for another shape, and for an alternative that would prove nothing.
    """
    if not isinstance(alternatives, list) or not all(isinstance(each, list) for each in alternatives):
        raise ValueError("proofs are a list of alternatives, each a list, such as [[E, P], [D]]")
    unknown = [name for each in alternatives for name in each if name not in list(Proof)]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is no proof; the proofs are {', '.join(Proof)}")
    need = tuple(frozenset(Proof(name) for name in each) for each in alternatives)
    if any(each <= {Proof.ATTRIBUTES} for each in need):
        raise ValueError("each alternative needs a proof other than A, which proves nothing alone")
    return need


def is_proved(need: Iterable[frozenset[Proof]], reached: Iterable[Proof]) -> bool:
    """Whether `reached` holds all proofs of at least one alternative. A need without alternatives is always met."""
    alternatives = tuple(need)
    return not alternatives or any(each <= frozenset(reached) for each in alternatives)


def label(proofs: Iterable[Proof]) -> str:
    """Write proofs in a fixed order, as `E+P`; an empty string for none."""
    reached = frozenset(proofs)
    return "+".join(proof for proof in Proof if proof in reached)
