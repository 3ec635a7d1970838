"""How fast one visitor may post: a bucket of tokens for each, in memory."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime


@dataclass
class _Bucket:
    tokens: float
    at: datetime


class Pace:
    """Lets *burst* posts through at once, then *per_second*; remembers at most *visitors*."""

    def __init__(self, burst: float = 30, per_second: float = 1, visitors: int = 10_000) -> None:
        self._burst = burst
        self._per_second = per_second
        self._visitors = visitors
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def seconds_to_wait(self, visitor: str, now: datetime) -> int:
        """0 takes a token; else nothing is taken and the post is welcome after so many seconds."""
        bucket = self._buckets.pop(visitor, None) or _Bucket(self._burst, now)
        self._buckets[visitor] = bucket
        if len(self._buckets) > self._visitors:
            self._buckets.popitem(last=False)
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.tokens = min(self._burst, bucket.tokens + passed * self._per_second)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        return max(1, round((1 - bucket.tokens) / self._per_second))
