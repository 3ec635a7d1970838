"""The report of a replay as one page that needs nothing else."""

from collections.abc import Sequence

from jinja2 import Environment

from bot.cli.scripts.coverage import Row
from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.report import difference, table

TEMPLATE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ passed }} passed, {{ failed }} failed</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
details { border: 1px solid #8888; border-radius: 8px; margin: .5rem 0; padding: .5rem 1rem }
summary { cursor: pointer } pre { overflow: auto }
.failed > summary { color: #b00020; font-weight: bold }
.talk { display: flex; flex-direction: column; gap: .5rem; max-width: 28rem }
.talk p { border-radius: 12px; margin: 0; padding: .5rem .8rem; white-space: pre-wrap }
.bot { background: #e8eef4; color: #111; align-self: start }
.other { background: #d7f0dd; color: #111; align-self: end }
</style>
<h1>{{ passed }} passed, {{ failed }} failed</h1>
<pre>{{ table }}</pre>
{% for outcome in outcomes %}
<details {{ 'open class="failed"' | safe if outcome.failure else '' }}>
<summary>{{ outcome.script.head.name }} · {{ outcome.channel }}</summary>
{% if outcome.failure %}
<p>{{ outcome.failure.place }}: {{ outcome.failure.problem.why }}</p>
<pre>{{ outcome | diff }}</pre>
{% endif %}
<div class="talk">
{% for one in outcome.spoken %}
<p class="{{ 'bot' if one.who == 'bot' else 'other' }}" title="{{ one.who }}">{{ one.text }}</p>
{% endfor %}
</div>
</details>
{% endfor %}
</html>
"""


def page(outcomes: Sequence[Outcome], rows: Sequence[Row]) -> str:
    """Every conversation as it went, failures open and first."""
    environment = Environment(autoescape=True)
    environment.filters["diff"] = _diff
    ordered = sorted(outcomes, key=lambda outcome: outcome.failure is None)
    failed = sum(outcome.failure is not None for outcome in outcomes)
    return environment.from_string(TEMPLATE).render(
        outcomes=ordered,
        passed=len(outcomes) - failed,
        failed=failed,
        table=table(rows),
    )


def _diff(outcome: Outcome) -> str:
    if outcome.failure is None:
        return ""
    return "\n".join(difference(outcome.failure.problem.expected, outcome.failure.problem.found))
