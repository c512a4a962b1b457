"""How often a mailbox may be proved, or tried to be: the desk's budgets, and the breaker over all of them.

The rule this file guards: every budget is spent in the transaction, and every guess in the very statement, that it
limits; known and unknown identities spend alike. Where a budget is gone the mail proof is gone, never the desk: staff
check who is asking in another way.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Budget:
    """So many within such a time."""

    most: int
    within: timedelta


COMPARES = 5
"""Guesses that one code survives."""
SENDS = (
    Budget(3, timedelta(hours=1)),
    Budget(5, timedelta(days=1)),
    Budget(10, timedelta(days=30)),
)
"""Codes for one identity, whatever chats ask for them."""
FAILURES_OF_IDENTITY = Budget(50, timedelta(days=30))
"""Wrong guesses at the codes of one identity: all that its letters in that time allow."""
FAILURES_OF_CHAT = Budget(20, timedelta(hours=1))
"""Wrong guesses from one chat, whomever they are about: no chat alone can close the mail proof for everybody."""
FAILURES_OF_ALL = Budget(200, timedelta(hours=1))
"""Wrong guesses from all chats, whomever they are about; beyond it somebody is trying identity after identity."""
CLOSED_FOR = timedelta(hours=1)
"""How long the mail proof then stays closed, for everybody alike; as long as what closed it is counted."""
