"""Going on in another chat: the code, its use, and the requests that go along."""

from collections.abc import Sequence

from bot.runtime.happening import Happening, Table
from bot.runtime.networks import called
from bot.texts.catalogue import Catalogue
from data.store import Tx
from data.turning import channel_of
from flows.facts import AskedCode, GaveCode, HandedOver, Say
from services import codes, linking
from services.leases import Rules
from services.refusals import Refused


class LinkingActs:
    """Codes are given and taken; what a chat hands over goes to the other one's inbox."""

    def __init__(self, catalogue: Catalogue, rules: Rules) -> None:
        self._catalogue = catalogue
        self._reopen = rules.reopen
        self.table: Table = {
            AskedCode: self._asked_code,
            GaveCode: self._gave_code,
            HandedOver: self._handed_over,
        }

    async def _asked_code(self, tx: Tx, on: Happening, fact: AskedCode) -> Sequence[Say]:
        code = await linking.make_code(tx, on.chat, now=on.now, reopen=self._reopen)
        if code is None:
            return [Say("sambung.kosong")]
        return [Say("sambung.kode", {"kode": codes.grouped(code), "menit": linking.MINUTES})]

    async def _gave_code(self, tx: Tx, on: Happening, fact: GaveCode) -> Sequence[Say]:
        try:
            await linking.use_code(tx, on.chat, fact.code, now=on.now)
        except Refused as refused:
            return [Say(refused.key, refused.values)]
        return [Say("sambung.terima")]

    async def _handed_over(self, tx: Tx, on: Happening, fact: HandedOver) -> Sequence[Say]:
        followed = await linking.hand_over(
            tx,
            on.chat,
            fact.taken,
            to=fact.to,
            event=on.event,
            now=on.now,
            reopen=self._reopen,
        )
        if not followed:
            return []
        there = called(self._catalogue, channel_of(fact.to), on.language)
        return [Say("sambung.pindah", {"kanal": there})]
