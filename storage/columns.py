"""Column types of ours: instants, and the seal's bytes by name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, LargeBinary, Table
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """An instant in UTC, kept as whole microseconds since 1970 so that both databases compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Any) -> int | None:
        """To microseconds; a datetime without a time zone is a mistake and raises."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, _dialect: Any) -> datetime | None:
        """Back to an aware datetime."""
        return None if value is None else _EPOCH + value * _MICROSECOND


class Sealed(LargeBinary):
    """Bytes that the vault sealed. Every personal column has this type; a test holds it to that."""


def sealed_columns(table: Table) -> list[str]:
    """The names of a table's sealed columns."""
    return [column.name for column in table.columns if isinstance(column.type, Sealed)]
