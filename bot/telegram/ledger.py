"""Which updates are in hand, which are done, and what may therefore be confirmed to Telegram. Pure.

The rule this file guards: an offset confirms everything below it, so it never reaches beyond an update that we have
seen and not finished, and never stays longer than it is needed: after a quiet week Telegram goes on with a random
number, often a lower one, and a stale offset would throw those updates away unseen. There is no "highest seen".
"""


class Ledger:
    """The updates between Telegram's queue and the desk."""

    def __init__(self) -> None:
        self._in_hand: set[int] = set()
        self._done: set[int] = set()

    @property
    def is_busy(self) -> bool:
        """Whether anything is in hand."""
        return bool(self._in_hand)

    def take(self, update_id: int) -> bool:
        """Take an update in hand; False where it is already, or is done and only not confirmed yet."""
        if update_id in self._in_hand or update_id in self._done:
            return False
        self._in_hand.add(update_id)
        return True

    def finish(self, update_id: int) -> None:
        """Nothing of an update can be lost any more."""
        self._in_hand.discard(update_id)
        self._done.add(update_id)

    def offset(self) -> int | None:
        """What to confirm: all that is done up to the first that is not. None where there is nothing to confirm."""
        first = min(self._in_hand, default=None)
        confirmable = [each for each in self._done if first is None or each < first]
        return max(confirmable) + 1 if confirmable else None

    def confirmed(self, offset: int | None) -> None:
        """Telegram has taken an offset: what lies below it will not come again."""
        if offset is not None:
            self._done = {each for each in self._done if each >= offset}
