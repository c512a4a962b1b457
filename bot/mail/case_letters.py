"""Letters to a person about a request on file, after its receipt: questions, extensions, decisions and the like.

What staff wrote is set in as plain lines; nothing that is handed over by other ways stands in a letter.
"""

from dataclasses import dataclass

from bot.mail.dates import day_in_words
from bot.mail.harmless import one_line, plain_lines
from bot.mail.staff_letters import Page
from bot.mail.stationery import Form
from handlers.desk.articles import article_ja
from handlers.desk.controller import Controller
from handlers.desk.lifecycle import Notice
from handlers.desk.rights import Words
from handlers.desk.telling import Telling, ToldItem


@dataclass(frozen=True, slots=True)
class CaseLetters:
    """Fills one form with what is to be told, in the language of the request."""

    form: Form
    controller: Controller
    company: Words
    desk: Words
    complaints: Words | None

    def page(self, told: Telling) -> Page:
        """The letter's words."""
        request, language = told.request, told.request.language
        day = told.answer_by or request.disagree_until
        values = {
            "ref": request.ref,
            "company": self.company.of(language),
            "desk": self.desk.of(language),
            "what": told.what.of(language),
            "arrived": day_in_words(self.controller.calendar.day_of(request.arrived_at), language),
            "words": plain_lines(told.words),
            "target": day_in_words(request.target_on, language),
            "day": "" if day is None else day_in_words(day, language),
        }
        if told.notice is Notice.EXTENSION:
            values["mark"] = self._mark(told)
        if told.notice is Notice.DECISION:
            values["items"] = "\n\n".join(self._item(each, language) for each in told.items)
            values["remedies"] = self._remedies(told)
            values["disagree"] = self.form.part("disagree", day=values["day"]) if day is not None else ""
        return Page(self.form.subject.substitute(values), self.form.body.substitute(values))

    def _mark(self, told: Telling) -> str:
        mark = told.request.legal_mark_on
        if mark is None:
            return ""
        name = "mark.moved" if told.mark_moved else "mark.stays"
        return self.form.part(name, mark=day_in_words(mark, told.request.language))

    def _remedies(self, told: Telling) -> str:
        if told.remedies is None:
            return ""
        language = told.request.language
        paragraphs = [self.form.part("remedies", remedies=told.remedies.of(language))]
        if self.complaints is not None:
            paragraphs.append(self.form.part("contact", contact=self.complaints.of(language)))
        return "\n\n".join(paragraphs)

    def _item(self, item: ToldItem, language: str) -> str:
        shown = one_line(item.text)
        if item.is_fulfilled:
            lines = [self.form.part("handed_over" if item.is_handed_over else "fulfilled", item=shown)]
            lines += [self.form.part("changed", words=plain_lines(item.words))] if item.words else []
            return "\n".join(lines)
        reason = "" if item.reason is None else item.reason.of(language)
        lines = [self.form.part("refused", item=shown, reason=reason)]
        if item.article is not None:
            names = {"article": self.controller.law.cite(item.article, language), "law": self._law(language)}
            lines.append(self.form.part("article", **names, article_ja=article_ja(item.article)))
        lines += [self.form.part("facts", words=plain_lines(item.words))] if item.words else []
        lines += [self.form.part("substitute", words=plain_lines(item.substitute))] if item.substitute else []
        return "\n".join(lines)

    def _law(self, language: str) -> str:
        return self.controller.law.name.of(language)
