"""Identity numbers as they may be seen: all but the last four figures covered."""

COVER = "•"
KEPT = 4


def mask(number: str) -> str:
    """*number* with every letter and figure but the last four covered; its grouping stays.

    ``3171011708909901`` gives ``••••••••••••9901``. A number of four or fewer is covered whole.
    """
    figures = sum(c.isalnum() for c in number)
    cover = figures - KEPT if figures > KEPT else figures
    masked = []
    for character in number:
        hidden = character.isalnum() and cover > 0
        cover -= hidden
        masked.append(COVER if hidden else character)
    return "".join(masked)
