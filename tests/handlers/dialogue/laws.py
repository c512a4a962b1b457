"""A desk of the same company under another law: its own words and offices, another preset."""

from dataclasses import replace

from handlers.desk.rights import load_law
from tests.factories import OpenDesk


def under(law: str, desk: OpenDesk) -> OpenDesk:
    """The same desk under the law preset named `law`."""
    talk = desk.desk.conversation
    talk = replace(talk, controller=replace(talk.controller, law=load_law(law)))
    return replace(desk, desk=replace(desk.desk, conversation=talk))
