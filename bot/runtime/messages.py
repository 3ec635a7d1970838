"""What is said to a participant, before a channel gives it its own shape."""

import msgspec

from forms.choices import Option


class Asking(msgspec.Struct, frozen=True):
    """The message template that asks a participant to write, and what it says of the request.

    *branch* is the branch whose officer wants to be read: the template is counted there.
    """

    template: str
    ticket: str
    branch: str
    place: str


class Outbound(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to one chat; its JSON is the body of an outbox row.

    *text* holds at most 4,096 characters; \\x02 and \\x03 open and close bold, everything else is
    plain and is escaped by the channel. *put* is the serial of the question: a press carries
    (value, put) back. *expects* is what the channel may offer for input: ``text``, ``choice``,
    ``photo``, ``contact``. *listed* says that the text already holds its options as numbered lines.
    *language* is that of the chat, for what a channel says itself. *id* is the number of its outbox
    row, the same for every try; the sender writes it.

    Outside the window of its network a message waits. With *asking* a template goes out meanwhile;
    a *fleeting* one is given up instead, as old news.
    """

    text: str
    options: tuple[Option, ...] = ()
    put: int = 0
    expects: str = "text"
    listed: bool = False
    language: str = "id"
    id: int = 0
    asking: Asking | None = None
    fleeting: bool = False
