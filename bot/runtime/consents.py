"""What is kept of a consent: proof of the wording that was agreed to, not a copy of it."""

import hashlib
from datetime import datetime

from bot.texts.catalogue import Catalogue
from data.instants import to_us
from data.store import Consent
from flows.facts import Consented


def proof(fact: Consented, catalogue: Catalogue, language: str, at: datetime) -> Consent:
    """The consent *fact* to a text that was read in *language*."""
    text = catalogue.render(fact.key, fact.values, language)
    return Consent(fact.service, fact.key, hashlib.sha256(text.encode()).hexdigest(), to_us(at))
