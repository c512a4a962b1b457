"""Who attacks, attacks a real counter, a real office, a real desk. Planted weaknesses are the only replaced code."""

from tests.bot.mail.conftest import office
from tests.counter import blank_database, counter

__all__ = ["blank_database", "counter", "office"]
