"""The offset, by property: whatever comes, ends and is lost in whatever order, nothing unfinished is confirmed."""

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.telegram.ledger import Ledger


class QueueAndLedger(RuleBasedStateMachine):
    """Telegram's queue on one side, the desk on the other."""

    def __init__(self) -> None:
        super().__init__()
        self.queue: set[int] = set()
        self.ledger = Ledger()
        self.working: set[int] = set()
        self.finished: set[int] = set()
        self.next_id = 1000

    @rule(step=st.integers(1, 3))
    def somebody_writes(self, step: int) -> None:
        self.next_id += step
        self.queue.add(self.next_id)

    @rule(number=st.integers(1, 2000))
    def a_quiet_week_passes(self, number: int) -> None:
        if not self.queue:
            self.next_id = number

    @rule(data=st.data())
    def an_old_update_comes_again(self, data: st.DataObject) -> None:
        if self.finished:
            self.queue.add(data.draw(st.sampled_from(sorted(self.finished))))

    @rule(limit=st.integers(1, 5), is_lost=st.booleans())
    def fetch(self, limit: int, is_lost: bool) -> None:
        offset = self.ledger.offset()
        if offset is not None:
            gone = {each for each in self.queue if each < offset}
            assert gone <= self.finished
            self.queue -= gone
        if is_lost:
            return
        self.ledger.confirmed(offset)
        for update_id in sorted(self.queue)[:limit]:
            if self.ledger.take(update_id):
                assert update_id not in self.working
                self.working.add(update_id)
                self.finished.discard(update_id)

    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        if self.working:
            update_id = data.draw(st.sampled_from(sorted(self.working)))
            self.working.discard(update_id)
            self.finished.add(update_id)
            self.ledger.finish(update_id)

    @rule()
    def the_desk_is_killed(self) -> None:
        self.ledger = Ledger()
        self.working.clear()

    @invariant()
    def it_is_busy_as_long_as_something_is_in_hand(self) -> None:
        assert self.ledger.is_busy == bool(self.working)

    def teardown(self) -> None:
        """When everything is finished, everything is confirmed, and nothing is remembered."""
        for _ in range(len(self.queue) + 2):
            self.fetch(100, is_lost=False)
            for update_id in sorted(self.working):
                self.ledger.finish(update_id)
                self.finished.add(update_id)
            self.working.clear()
        assert not self.queue
        assert self.ledger.offset() is None


TestLedger = QueueAndLedger.TestCase
