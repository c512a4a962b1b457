"""Letters to staff: one request, both languages side by side, everything a clerk needs to take it up.

What the customer wrote is marked line by line and cannot be clicked; none of it stands in a header.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.mail.dates import day_for_staff, instant_for_staff
from bot.mail.harmless import defang, one_line, plain_lines, quoted
from bot.mail.stationery import STAFF, Form, Stationery
from handlers.desk.articles import article_ja
from handlers.desk.escalation import Escalation, Exchange
from handlers.desk.ports import Entry
from handlers.desk.rights import Words

LONGEST_DETAIL = 4000
LONGEST_SAID = 600
MOST_ENTRIES = 20


@dataclass(frozen=True, slots=True)
class Page:
    """A letter's own words: its subject and its text."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class StaffLetters:
    """Writes the letters that staff get about a request."""

    stationery: Stationery

    def escalation(self, case: Escalation) -> Page:
        """A new request, with all there is."""
        form = self._form("escalation")
        dates = {"first_touch": day_for_staff(case.first_touch_on), "target": day_for_staff(case.target_on)}
        body = form.body.substitute(
            dates,
            lead=form.part_if_any(f"lead.{case.status}", **dates) or form.part("lead.open", **dates),
            case=self._case(case),
            mark=_mark(form, case),
            identity=_identity(form, case),
            proved=", ".join(map(_slashed, case.proved)) or form.part("proved.none"),
            missing=_missing(form, case),
            agent=form.part("agent") if case.is_by_agent else "",
            asked="\n".join(
                f"{defang(one_line(each.label))}:\n{quoted(each.shown, LONGEST_DETAIL)}" for each in case.details
            ),
            grounds=_grounds(form, case) or form.part("grounds.none"),
            entries=self._entries(case.entries, case),
            exchanges="\n".join(_exchange(form, each) for each in case.exchanges) or form.part("exchanges.none"),
            more=self._more(case),
        )
        return Page(form.subject.substitute(subject=self._subject(case)), body)

    def addition(self, case: Escalation, added: Sequence[Entry]) -> Page:
        """Something was added; `added` holds it, the newest last."""
        return self._with_entries("addition", case, added)

    def answer(self, case: Escalation, answers: Sequence[Entry]) -> Page:
        """A question was answered."""
        return self._with_entries("answer", case, answers)

    def disagreement(self, case: Escalation, reasons: Sequence[Entry]) -> Page:
        """The customer does not agree with the decision."""
        return self._with_entries("disagreement", case, reasons)

    def proposal(self, case: Escalation, first: str) -> Page:
        """A second member of staff has to look at what `first` proposes."""
        form = self._form("proposal")
        body = form.body.substitute(
            case=self._case(case), first=one_line(first), target=day_for_staff(case.target_on), ref=case.ref
        )
        return Page(form.subject.substitute(subject=self._subject(case)), body)

    def alarm(self, until: str) -> Page:
        """Wrong codes came in from everywhere; the mail proof is closed until an instant."""
        form = self._form("alarm")
        return Page(form.subject.template, form.body.substitute(until=until))

    def withdrawal(self, case: Escalation) -> Page:
        """The customer took it back."""
        form = self._form("withdrawal")
        body = form.body.substitute(case=self._case(case), more=self._more(case))
        return Page(form.subject.substitute(subject=self._subject(case)), body)

    def _with_entries(self, name: str, case: Escalation, entries: Sequence[Entry]) -> Page:
        form = self._form(name)
        body = form.body.substitute(
            entries=self._entries(entries, case),
            case=self._case(case),
            target=day_for_staff(case.target_on),
            more=self._more(case),
        )
        return Page(form.subject.substitute(subject=self._subject(case)), body)

    def _form(self, name: str) -> Form:
        return self.stationery.form(STAFF, name)

    def _subject(self, case: Escalation) -> str:
        """The same for every letter about a case, so that mail programs keep them together."""
        form = self._form("case")
        names = {"en": _capital(case.name.en), "ja": case.name.ja}
        if case.article is None:
            title = form.part("title.no_article", **names)
        else:
            title = form.part("title", **names, article=case.article, article_ja=article_ja(case.article))
        return form.subject.substitute(ref=case.ref, title=title)

    def _case(self, case: Escalation) -> str:
        form = self._form("case")
        article = case.article and form.part(
            "article",
            article=case.article,
            article_ja=article_ja(case.article),
            law=case.law.name.en,
            law_ja=case.law.name.ja,
        )
        return form.body.substitute(
            ref=case.ref,
            kind=f"{_capital(case.name.en)} / {case.name.ja}",
            article=article or form.part("article.none"),
            status=_slashed(case.status_words),
            arrived=instant_for_staff(case.arrived_at),
            language=form.part_if_any(f"language.{case.language}") or case.language,
        )

    def _entries(self, entries: Sequence[Entry], case: Escalation) -> str:
        form = self._form("case")
        zone = case.arrived_at.tzinfo
        shown = [
            form.part(
                f"entry.{each.kind}",
                at=f"{each.at.astimezone(zone):%Y-%m-%d %H:%M}",
                words=quoted(each.text, LONGEST_DETAIL),
                author=one_line(each.author or ""),
                type=_type(each),
            )
            for each in entries[-MOST_ENTRIES:]
        ]
        return "\n".join(shown) or form.part("entries.none")

    def _more(self, case: Escalation) -> str:
        return self._form("case").part("more", ref=case.ref)


def _mark(form: Form, case: Escalation) -> str:
    counted = case.law.mark_of(case.kind)
    if case.legal_mark_on is None or counted is None:
        return form.part("mark.none")
    values = {
        "mark": day_for_staff(case.legal_mark_on),
        "article": counted.article,
        "article_ja": article_ja(counted.article),
    }
    return form.part_if_any(f"mark.{case.law.id}", **values) or form.part("mark.other", **values)


def _identity(form: Form, case: Escalation) -> str:
    if case.identity is None:
        return form.part("identity.gone" if case.is_established else "identity.none")
    who = case.identity
    phone = who.phone or form.part("identity.no_phone")
    return form.part("identity.masked", name=plain_lines(who.name), email=plain_lines(who.email), phone=phone)


def _missing(form: Form, case: Escalation) -> str:
    blocks = [
        form.part(name, alternatives="\n".join(_alternative(form, each) for each in alternatives))
        for name, alternatives in (
            ("missing.any", case.missing.alternatives),
            ("missing.contact", case.missing.for_contact),
        )
        if alternatives
    ]
    return "\n".join(blocks) or form.part("missing.none")


def _alternative(form: Form, proofs: Sequence[Words]) -> str:
    """Proofs that only count together."""
    return form.part("missing.alternative", en=" + ".join(w.en for w in proofs), ja="＋".join(w.ja for w in proofs))


def _grounds(form: Form, case: Escalation) -> str:
    return "\n".join(
        form.part("ground.policy", en=each.words.en, ja=each.words.ja)
        if each.article is None
        else form.part(
            "ground.law",
            en=each.words.en,
            ja=each.words.ja,
            article=each.article,
            article_ja=article_ja(each.article),
        )
        for each in case.grounds
    )


def _exchange(form: Form, exchange: Exchange) -> str:
    choices = "  ".join(f"[{number}] {label}" for number, label in enumerate(exchange.choices, start=1))
    replied = [*(quoted(text, LONGEST_SAID) for text in exchange.replies), quoted(choices, LONGEST_SAID)]
    return form.part(
        "exchange",
        at=f"{exchange.at:%Y-%m-%d %H:%M}",
        said=quoted(exchange.said, LONGEST_SAID) or form.part("exchange.unsaid"),
        replied="\n".join(filter(None, replied)),
    )


def _type(entry: Entry) -> str:
    """`image/jpeg` → `JPEG`."""
    return plain_lines((entry.media_type or "").rpartition("/")[2]).upper() or "?"


def _slashed(words: Words) -> str:
    return f"{words.en} / {words.ja}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
