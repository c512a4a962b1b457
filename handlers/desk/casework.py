"""The one door through which a request changes.

Use cases are verbs. Each loads for its actor, checks, applies the lifecycle's table, and leaves request, audit entry
and notices owed in the caller's one transaction. They stand in files by concern; whoever changes a request holds a
`Casework` and calls them here.
"""

from dataclasses import dataclass

from handlers.desk.clockwork import Clockwork
from handlers.desk.controller import Controller, Promises
from handlers.desk.deciding import Deciding
from handlers.desk.filing import Draft, Filing
from handlers.desk.keeping import Keeping
from handlers.desk.own_cases import CaseView, OwnCases
from handlers.desk.proving import VERIFIED_FOR, CodeResult
from handlers.desk.staffwork import Staffwork

__all__ = ["VERIFIED_FOR", "CaseView", "Casework", "CodeResult", "Controller", "Draft", "Promises"]


@dataclass(frozen=True)
class Casework(Filing, OwnCases, Staffwork, Deciding, Clockwork, Keeping):
    """The use cases of one actor, in one transaction, at one instant (UTC)."""
