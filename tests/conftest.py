"""What all tests share: honest skips, and where the test database is."""

import os
from collections.abc import Callable, Iterator

import pytest

from tests import stores

REQUIRED = frozenset(filter(None, os.environ.get("CHIKA_REQUIRE", "").split(",")))

Require = Callable[[str, object, str], None]


@pytest.fixture(scope="session")
def require() -> Require:
    """``require(name, present, reason)`` skips loudly, and fails where CHIKA_REQUIRE has the name.

    Names in use: chromium, curl, node, postgres, peers.
    """

    def require(name: str, present: object, reason: str) -> None:
        if not present:
            told = f"{name}: {reason}"
            pytest.fail(told, pytrace=False) if name in REQUIRED else pytest.skip(told)

    return require


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Kills, browsers and races fill a machine: never two of them at a time.

    Refuses a pytest with which xdist forgets its groups without a word.
    """
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("many"):
            item.add_marker(pytest.mark.xdist_group("machine"))
    yield
    if not config.getoption("loadgroup", default=False):
        return
    for item in items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
            raise pytest.UsageError("xdist keeps no group of tests together with this pytest")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CHIKA_REQUIRE is set, a run that skipped anything has failed."""
    stores.finish()
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if REQUIRED and reporter and reporter.stats.get("skipped"):
        reporter.write_line("A test was skipped, and CHIKA_REQUIRE allows none.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
