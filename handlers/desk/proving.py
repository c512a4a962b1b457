"""Who is asking: codes to the registered address, and the proofs that staff see with their own eyes.

The rules this file guards. Unknown and known people get the same answers and cause the same work (ADR 5).
Staff never shortcut identity: what a machine proves (the code, the own phone) no member of staff can enter by hand,
and "two members of staff agree" takes a second one beside the one who recorded a proof before.
"""

import logging
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from handlers.desk import budgets, codes
from handlers.desk.assurance import Proof, label
from handlers.desk.errors import NotAllowed, NotFound, Why
from handlers.desk.identifiers import normalise_email
from handlers.desk.lifecycle import Fact, Notice, Step, move
from handlers.desk.ports import Challenge, EntryKind, Recipient
from handlers.desk.requests import Request, RequestKind, new_id
from handlers.desk.stepping import Stepping, same_hands

log = logging.getLogger("madoguchi.desk")

VERIFIED_FOR = timedelta(minutes=30)
"""How long a passed code counts for the request it was asked for."""
SEEN_BY_STAFF = frozenset({Proof.ATTRIBUTES, Proof.DOCUMENT, Proof.TWO_PERSON})


class CodeResult(StrEnum):
    """What became of a typed code."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    SPENT = "spent"
    """Expired, used, replaced, or out of tries; a new code is needed."""
    CLOSED = "closed"
    """Too many wrong codes came in, from whomever: for a time no code is sent or compared, for nobody."""


class Proving(Stepping):
    """Codes before filing, proofs after it."""

    async def challenge(self, case_id: str, kind: RequestKind, email: str) -> bool:
        """Owe a code to the *registered* address equal to `email` (normalised), if there is one.

        Nothing returned, nothing raised and no work done here tells whether there is: an unknown address gets a
        challenge that nobody can pass, and so does one that was asked for too often (`budgets.SENDS`). False: the
        mail proof is closed for a time, for everybody.
        """
        if await self.work.challenges.is_mail_proof_closed(self.controller.id, self.now):
            return False
        challenge = await self._address(case_id, kind, email)
        await self._owe(Notice.CODE, [Recipient.CUSTOMER], case_id, challenge.id)
        await self.work.audit.append(self.now, Fact.CODE_REQUESTED, case_id, self.actor, {"kind": kind})
        return True

    async def tell_principal(self, request: Request, email: str) -> None:
        """Owe a letter to whoever is registered under `email` (normalised): somebody asks for them. Same as a code."""
        addressed = await self._address(request.id, request.kind, email)
        await self._owe(Notice.AGENT, [Recipient.CUSTOMER], request.id, addressed.id)
        await self.work.audit.append(self.now, Fact.PRINCIPAL_TOLD, request.id, self.actor)

    async def _address(self, case_id: str, kind: RequestKind, email: str) -> Challenge:
        """What a letter to a registered address refers to; to nobody's where there is none, or too many were sent."""
        identities = self.work.register.identities(self.controller.id, email)
        customer_id = await self.work.register.find(self.controller.id, email)
        within_budget = await self.work.challenges.has_send(identities, self.now)
        challenge = Challenge(
            id=new_id(),
            company=self.controller.id,
            case_id=case_id,
            conversation_id=self.actor.id,
            kind=kind,
            customer_id=customer_id if within_budget else None,
            identity=identities[0],
            created_at=self.now,
            expires_at=self.now + codes.LIFETIME,
        )
        await self.work.challenges.add(challenge)
        return challenge

    async def confirm(self, case_id: str, typed: str) -> CodeResult:
        """Compare a code (as `codes.read_code` returned it) with the current one of this case in this conversation.

        The try is counted by the database before the compare; an exhausted code is never compared.
        """
        if await self.work.challenges.is_mail_proof_closed(self.controller.id, self.now):
            return CodeResult.CLOSED
        challenge = await self.work.challenges.current(case_id, self.actor.id)
        if challenge is None or not await self.work.challenges.spend_try(challenge.id, self.now):
            return CodeResult.SPENT
        right = codes.matches(self.code_key, challenge.id, typed) and challenge.customer_id is not None
        if right and await self.work.challenges.use(challenge.id, self.now):
            await self.work.audit.append(self.now, Fact.CODE_CONFIRMED, case_id, self.actor)
            return CodeResult.CONFIRMED
        await self.work.audit.append(self.now, Fact.CODE_REFUSED, case_id, self.actor)
        await self._watch_failures(case_id)
        return CodeResult.SPENT if challenge.tries + 1 >= budgets.COMPARES else CodeResult.WRONG

    async def _watch_failures(self, case_id: str) -> None:
        """Close the mail proof, and raise the alarm, where wrong codes come in from everywhere."""
        company, most = self.controller.id, budgets.FAILURES_OF_ALL
        if await self.work.challenges.failures_since(company, self.now - most.within) < most.most:
            return
        if await self.work.challenges.close_mail_proof(company, self.now, self.now + budgets.CLOSED_FOR):
            await self._owe(Notice.ALARM, [Recipient.STAFF], case_id, case_id)
            await self.work.audit.append(self.now, Fact.MAIL_PROOF_CLOSED, company, self.actor)
            log.error("desk.mail_proof_closed", extra={"ids": {"company": company, "alarm": True}})

    async def challenged_for(self, case_id: str) -> RequestKind | None:
        """The kind of request that the newest code of this case is bound to; None where none was asked for."""
        challenge = await self.work.challenges.current(case_id, self.actor.id)
        return None if challenge is None else challenge.kind

    async def holds(self, case_id: str, kind: RequestKind) -> bool:
        """Whether the code that was passed for this case still counts for such a request, if it were filed now."""
        _, reached = await self._proofs(case_id, kind)
        return bool(reached)

    async def verify(self, ref: str, proof: Proof, reason: str, email: str | None = None) -> Request:
        """Record a proof that a member of staff saw, with what they saw; `email` names the person's record, if known.

        The request opens as soon as the proofs on record are what its kind needs; until then it stays.
        Raises NotFound (no such request, or nobody registered under `email`) and NotAllowed.
        """
        request = await self._own(ref)
        if proof not in SEEN_BY_STAFF:
            raise NotAllowed(request.status, Step.VERIFY, Why.PROOF)
        move(request, Step.VERIFY, self.actor.kind, proved=False)
        self._check_words(request, Step.VERIFY, reason)
        if proof is Proof.TWO_PERSON:
            await self._check_second(request)
        customer_id = await self._record_of(request, email)
        reached = request.assurance | {proof}
        seen = replace(request, assurance=reached, customer_id=customer_id)
        moved, transition = self._move(seen, Step.VERIFY)
        entry_id = await self._note_down(request.id, EntryKind.PROOF, reason, proof.name.lower())
        return await self._keep(moved, transition, entry_id, {"proof": proof, "assurance": label(reached)})

    async def _check_second(self, request: Request) -> None:
        seen_by = [each.author for each in await self.work.cases.entries(request.id) if each.kind is EntryKind.PROOF]
        if not any(each and not same_hands(each, self.actor.id) for each in seen_by):
            raise NotAllowed(request.status, Step.VERIFY, Why.SAME_PERSON)

    async def _record_of(self, request: Request, email: str | None) -> str | None:
        """Whose record it is: what a code proved stands, else what staff name."""
        if email is None:
            return request.customer_id
        address = normalise_email(email)
        found = None if address is None else await self.work.register.find(self.controller.id, address)
        if found is None or request.customer_id not in {None, found}:
            raise NotFound("customer")
        return found

    async def _proofs(self, case_id: str, kind: RequestKind) -> tuple[str | None, frozenset[Proof]]:
        challenge = await self.work.challenges.current(case_id, self.actor.id)
        if challenge is None or challenge.used_at is None or challenge.kind is not kind:
            return None, frozenset()
        if self.now - challenge.used_at > VERIFIED_FOR:
            return None, frozenset()
        return challenge.customer_id, frozenset({Proof.MAIL})
