"""The services of the project as their files declare them, read once in each process of tests."""

from bot.config.settings import ROOT
from flows.journey import Journeys
from flows.load import load_all

FLOWS = load_all(ROOT / "flows")
JOURNEYS = Journeys(FLOWS)
