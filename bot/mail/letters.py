"""From a letter owed to a letter written: looks up what the outbox row refers to, and fills the form.

The rules this file guards: mail to a customer goes to the address in the register and to no other; the code letter
holds nothing that anybody typed; a code to nobody, or one that no longer works, is not written at all.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.mail.case_letters import CaseLetters
from bot.mail.dates import day_in_words, instant_for_staff
from bot.mail.errors import Postponed, Reason, Refused
from bot.mail.harmless import BadAddress, one_address, one_line, plain_lines
from bot.mail.letter import Letter
from bot.mail.staff_letters import Page, StaffLetters
from bot.mail.stationery import Form, Stationery, load_stationery
from handlers.desk import budgets, codes
from handlers.desk.articles import article_ja
from handlers.desk.controller import Controller
from handlers.desk.errors import BadSetting
from handlers.desk.escalation import Escalation, brief
from handlers.desk.lifecycle import Notice, Step
from handlers.desk.ports import OutboxRow, Recipient, UnitOfWork
from handlers.desk.requests import Request, RequestKind
from handlers.desk.rights import Words
from handlers.desk.telling import telling
from handlers.desk.wording import Wording, load_wording

_OPENS_THREAD = {Recipient.CUSTOMER: Notice.RECEIPT, Recipient.STAFF: Notice.ESCALATION}
_GAPS = re.compile(r"\n{3,}")
_DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Letterhead:
    """In whose name letters go out, and who of the company reads those about a kind of request.

    `staff_mail` gives addresses: the first is meant, each further one stands in where those before it are refused.
    """

    controller: Controller
    company: Words
    desk: Words
    staff_mail: Callable[[RequestKind], Sequence[str]]
    policy_grounds: Mapping[str, Words] = field(default_factory=dict)
    complaints: Words | None = None
    """Where complaints go, as far as the company names it."""


@dataclass(frozen=True)
class Letters:
    """Writes letters for every company by its id. `mail_from` is one plain address, else BadSetting is raised."""

    letterheads: Mapping[str, Letterhead]
    mail_from: str
    code_key: bytes = field(repr=False)
    stationery: Stationery = field(default_factory=load_stationery, repr=False)
    wording: Wording = field(default_factory=load_wording, repr=False)

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "mail_from", one_address(self.mail_from))
        except BadAddress:
            raise BadSetting(["The sender of letters (MADOGUCHI_MAIL_FROM) must be one plain mail address."]) from None

    async def write(self, work: UnitOfWork, row: OutboxRow, now: datetime) -> Letter | None:
        """Write the letter that a row owes; None where nobody is to get one any more.

        Only reads. Raises Postponed where nobody of the company is named for it, Refused where its request is gone
        or an address is none.
        """
        head = self.letterheads.get(row.company)
        if head is None:
            raise Postponed(Reason.NO_ROUTE, alarm=True)
        try:
            if row.notice is Notice.CODE:
                return await self._code(work, row, head, now)
            if row.notice is Notice.ALARM:
                return self._alarm(row, head)
            request = await work.cases.get(row.case_id)
            if request is None:
                raise Refused(Reason.NO_CASE)
            if row.notice is Notice.AGENT:
                return await self._to_principal(work, row, head, request)
            if row.recipient is Recipient.CUSTOMER:
                return await self._to_customer(work, row, head, request)
            return await self._to_staff(work, row, head, request)
        except BadAddress:
            raise Refused(Reason.ADDRESS) from None

    async def _code(self, work: UnitOfWork, row: OutboxRow, head: Letterhead, now: datetime) -> Letter | None:
        challenge = await work.challenges.get(row.subject_id)
        if challenge is None or challenge.customer_id is None:
            return None
        if challenge.expires_at <= now or challenge.used_at is not None:
            return None
        customer = await work.register.get(challenge.customer_id)
        if customer is None:
            return None
        conversation = await work.conversations.by_id(challenge.conversation_id)
        language = _DEFAULT_LANGUAGE if conversation is None else conversation.language
        form = self.stationery.form(language, Notice.CODE)
        names = {"company": head.company.of(language), "desk": head.desk.of(language)}
        code = codes.code_for(self.code_key, challenge.id)
        page = Page(form.subject.substitute(names), form.body.substitute(names, code=code))
        return self._letter(row, head, page, names["desk"], customer.email)

    async def _to_principal(
        self, work: UnitOfWork, row: OutboxRow, head: Letterhead, request: Request
    ) -> Letter | None:
        addressed = await work.challenges.get(row.subject_id)
        customer_id = None if addressed is None else addressed.customer_id
        customer = None if customer_id is None else await work.register.get(customer_id)
        if customer is None:
            return None
        language = request.language
        form = self.stationery.form(language, Notice.AGENT)
        names = {"company": head.company.of(language), "desk": head.desk.of(language), "ref": request.ref}
        what = head.controller.law.right(request.kind).name.of(language)
        page = Page(form.subject.substitute(names), form.body.substitute(names, what=what))
        return self._letter(row, head, page, names["desk"], customer.email)

    async def _to_customer(self, work: UnitOfWork, row: OutboxRow, head: Letterhead, request: Request) -> Letter | None:
        customer = None if request.customer_id is None else await work.register.get(request.customer_id)
        if customer is None:
            return None
        language = request.language
        form = self.stationery.form(language, row.notice)
        if row.notice is Notice.RECEIPT:
            page = _receipt_page(form, head, request)
        else:
            told = await telling(work, row, request, head.controller)
            page = CaseLetters(form, head.controller, head.company, head.desk, head.complaints).page(told)
        return self._letter(row, head, page, head.desk.of(language), customer.email)

    async def _to_staff(self, work: UnitOfWork, row: OutboxRow, head: Letterhead, request: Request) -> Letter:
        addresses = head.staff_mail(request.kind)
        if not addresses:
            raise Postponed(Reason.NO_ROUTE, alarm=True)
        case = await brief(
            work,
            request,
            head.controller,
            self.wording,
            policy_grounds=head.policy_grounds,
            until=row.created_at,
        )
        page = await self._staff_page(work, row, case, request)
        return self._letter(row, head, page, f"{head.desk.en} / {head.desk.ja}", *addresses)

    def _alarm(self, row: OutboxRow, head: Letterhead) -> Letter:
        """The mail proof was closed: nothing in it is about any person."""
        addresses = head.staff_mail(RequestKind.INCIDENT)
        if not addresses:
            raise Postponed(Reason.NO_ROUTE, alarm=True)
        zone = head.controller.calendar.timezone
        until = instant_for_staff((row.created_at + budgets.CLOSED_FOR).astimezone(zone))
        page = StaffLetters(self.stationery).alarm(until)
        return self._letter(row, head, page, f"{head.desk.en} / {head.desk.ja}", *addresses)

    async def _staff_page(self, work: UnitOfWork, row: OutboxRow, case: Escalation, request: Request) -> Page:
        staff = StaffLetters(self.stationery)
        match row.notice:
            case Notice.ESCALATION:
                return staff.escalation(case)
            case Notice.ADDITION:
                added = [each for each in case.entries if each.at > request.filed_at and each.author is None]
                return staff.addition(case, added or case.entries[-1:])
            case Notice.ANSWER:
                return staff.answer(case, [each for each in case.entries if each.code == Step.ANSWER])
            case Notice.DISAGREEMENT:
                return staff.disagreement(case, [each for each in case.entries if each.code == Step.DISAGREE])
            case Notice.PROPOSAL:
                decision = await work.decisions.get(row.subject_id)
                return staff.proposal(case, "" if decision is None else decision.first)
            case Notice.WITHDRAWAL:
                return staff.withdrawal(case)
            case _:
                raise ValueError(row.notice)  # the others go to customers

    def _letter(self, row: OutboxRow, head: Letterhead, page: Page, name: str, to: str, *others: str) -> Letter:
        opening = _OPENS_THREAD[row.recipient]
        is_threaded = row.notice not in {opening, Notice.CODE, Notice.AGENT, Notice.ALARM}
        return Letter(
            id=row.id,
            message_id=self._message_id(row.notice, row.case_id if row.notice is opening else row.id),
            thread=self._message_id(opening, row.case_id) if is_threaded else None,
            written_at=row.created_at.astimezone(head.controller.calendar.timezone),
            sender_name=name,
            sender=self.mail_from,
            to=one_address(to),
            subject=page.subject,
            body=_GAPS.sub("\n\n", page.body).strip() + "\n",
            others=tuple(one_address(each) for each in others),
        )

    def _message_id(self, notice: Notice, subject_id: str) -> str:
        """Known before the letter is written: a case's first letter has the case's id, any other its own row's."""
        return f"<{notice}.{subject_id}@{self.mail_from.rpartition('@')[2]}>"


def _receipt_page(form: Form, head: Letterhead, request: Request) -> Page:
    language, law = request.language, head.controller.law
    aim, mark, change = "", "", ""
    if request.is_open:
        aim = form.part("aim", target=day_in_words(request.target_on, language))
        change = form.part("change")
    counted = law.mark_of(request.kind)
    if request.is_open and request.legal_mark_on is not None and counted is not None:
        mark = form.part_if_any(
            f"mark.{law.id}",
            law=_capital(law.name.of(language)),
            mark=day_in_words(request.legal_mark_on, language),
            article=counted.article,
            article_ja=article_ja(counted.article),
        )
    values = {
        "ref": request.ref,
        "company": head.company.of(language),
        "desk": head.desk.of(language),
        "what": law.right(request.kind).name.of(language),
        "arrived": day_in_words(head.controller.calendar.day_of(request.arrived_at), language),
        "asked": "\n".join(
            form.part("detail", label=one_line(each.label), words=plain_lines(each.shown)) for each in request.details
        ),
        "identity": form.part_if_any(f"identity.{request.status}") or form.part("identity.open"),
        "aim": aim,
        "mark": mark,
        "change": change,
    }
    return Page(form.subject.substitute(values), form.body.substitute(values))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
