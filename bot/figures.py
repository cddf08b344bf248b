"""What is counted for those who run it; never who, never what."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func
from sqlmodel import Session, col, select

from storage.cases import IS_OPEN, Case
from storage.letters import Letter, State

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Figures:
    """Counters of this process and gauges read from the tables by a sweep."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.messages = Counter("lianxin_messages", "Messages handled", ["channel"], registry=self._registry)
        self.failures = Counter("lianxin_failures", "Conversations that failed", registry=self._registry)
        self.seconds = Histogram(
            "lianxin_message_seconds", "From receipt to commit", buckets=_BUCKETS, registry=self._registry
        )
        self.held_back = Counter(
            "lianxin_held_back",
            "Held back in a flood: refused, work, ticket, delayed, spared; urgent was let through",
            ["channel", "how"],
            registry=self._registry,
        )
        self.sms = Counter(
            "lianxin_sms",
            "Text messages: sent, failed, refused (a bad number), capped (for a day), undelivered, received",
            ["what"],
            registry=self._registry,
        )
        self._letters = Gauge("lianxin_letters", "Letters by state", ["state"], registry=self._registry)
        self._open_cases = Gauge("lianxin_open_cases", "Cases that are not closed", registry=self._registry)

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)

    def read_tables(self, session: Session) -> None:
        """Brings the gauges up to date."""
        for state in (State.PENDING, State.CLAIMED, State.DEAD):
            count = select(func.count(col(Letter.id))).where(Letter.state == state)
            self._letters.labels(state.value).set(session.exec(count).one())
        self._open_cases.set(session.exec(select(func.count(col(Case.id))).where(IS_OPEN)).one())
