"""A decision in words, item by item: the same lines where it is told first and where it is looked up again."""

from collections.abc import Iterable

from handlers.desk.articles import article_ja
from handlers.desk.rights import Law
from handlers.desk.telling import ToldItem
from handlers.dialogue.voice import Voice
from intents.parse import Language


def write_items(items: Iterable[ToldItem], law: Law, voice: Voice, language: Language) -> str:
    """Each item with what became of it, and for a refusal its reason, its article and the facts."""
    return "\n\n".join(_item(each, law, voice, language) for each in items)


def _item(item: ToldItem, law: Law, voice: Voice, language: Language) -> str:
    def say(name: str, **values: str) -> str:
        return voice.line(f"utter_notice_{name}", language, **values)

    if item.is_fulfilled:
        lines = [say("item_handed_over" if item.is_handed_over else "item_fulfilled", shown=item.text)]
        lines += [say("changed", words=item.words)] if item.words else []
        return "\n".join(lines)
    reason = "" if item.reason is None else item.reason.of(language)
    lines = [say("item_refused", shown=item.text, words=reason)]
    if item.article is not None:
        lines.append(say("article", article=_article(item.article, law, language)))
    lines += [say("facts", words=item.words)] if item.words else []
    lines += [say("substitute", words=item.substitute)] if item.substitute else []
    return "\n".join(lines)


def _article(article: str, law: Law, language: Language) -> str:
    """An article with the law it stands in."""
    name = law.name.of(language)
    return f"{name}{article_ja(article)}" if language is Language.JA else f"{law.cite(article, language)}, {name}"
