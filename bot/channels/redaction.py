"""Secrets stay out of the logs, whoever wrote the line."""

HIDDEN = "[hidden]"


class Redaction:
    """Replaces secrets by `HIDDEN`.

    Libraries put the bot token into addresses, and addresses into errors; our own lines never
    name it.
    """

    def __init__(self, *secrets: str) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text
