"""What is said to a participant, before a channel gives it its own shape."""

import msgspec

from forms.choices import Option


class Outbound(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to one chat; its JSON is the body of an outbox row.

    *text* holds at most 4,096 characters; \\x02 and \\x03 open and close bold, everything else is
    plain and is escaped by the channel. *put* is the serial of the question: a press carries
    (value, put) back. *expects* is what the channel may offer for input: ``text``, ``choice``,
    ``photo``, ``contact``. *listed* says that the text already holds its options as numbered lines.
    *language* is that of the chat, for what a channel says itself. *id* is the number of its outbox
    row, the same for every try; the sender writes it.
    """

    text: str
    options: tuple[Option, ...] = ()
    put: int = 0
    expects: str = "text"
    listed: bool = False
    language: str = "id"
    id: int = 0
