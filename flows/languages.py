"""The language of a chat: switched wherever it stands, and the open question is said in it."""

from flows import arriving, plain_words, questions, reuse
from flows.session import Put
from flows.talk import Talk
from flows.words import translated
from forms.choices import Option
from forms.language import LANGUAGES


def other(language: str) -> str:
    """The language that comes after *language*, round and round."""
    return LANGUAGES[(LANGUAGES.index(language) + 1) % len(LANGUAGES)]


def switch(talk: Talk, language: str) -> None:
    """Go on in *language*, with the question on the table."""
    talk.session.language = language
    talk.say("bahasa.ganti")
    warn(talk)
    renew(talk)


def warn(talk: Talk) -> None:
    """Say it when the service of the open form does not speak the language of the chat."""
    journey = talk.active
    flow = talk.assets.journeys.flows.get(journey.service) if journey else None
    if flow is not None and talk.session.language not in flow.languages:
        talk.say("bahasa.belum", judul=flow.title)


def renew(talk: Talk) -> None:
    """Say the question on the table in the language of the chat, with its buttons.

    What was offered beside a question of the form is offered anew by asking that question.
    """
    put, journey = talk.session.put, talk.active
    if put is None:
        questions.again(talk)
    elif put.kind == "menu":
        questions.menu_list(talk, put.state)
    elif put.kind == reuse.KIND and journey is not None:
        reuse.ask(talk, journey)
    elif put.kind in ("step", "offer") and journey is not None:
        at = talk.at(journey)
        at.state, at.item = put.state, put.item
        questions.ask(talk, journey, at)
    else:
        put.options = _renewed(talk, put)
        questions.again(talk)


def _renewed(talk: Talk, put: Put) -> tuple[Option, ...]:
    """What is offered with a question of the conversation itself, in the language of the chat."""
    if put.kind == plain_words.KIND:
        return plain_words.offered(talk, put.value)
    own = translated(talk.session.language, put.options)
    return tuple(arriving.way_to(talk, o.value) if talk.service(o.value) else o for o in own)
