"""The counter, for who works on a real database."""

from tests.counter import blank_database, counter

__all__ = ["blank_database", "counter"]
