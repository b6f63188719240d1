"""What the command line tells of learning."""

from collections.abc import Sequence

from bot.evaluation.metrics import ALL
from bot.evaluation.printing import percent
from bot.learning.admission import Admission, Refusal
from bot.learning.comparison import Comparison, Figure
from bot.learning.workshop import Say

NOTHING_TO_LEARN = "There is nothing to learn."
NOTHING_TO_TAKE_BACK = "Nothing was learned that could be taken back."
MODEL_IS_GONE = "The model before, {model}, is not there any more: train again instead (make train)."
TAKEN_BACK = "Taken back: {number} examples. The assistant goes on with {model}."
FAULTS_BEFORE = "The data has a fault already, which has to be mended first: {fault}"
NO_MODEL = "There is no model: run make train"
TRAINING = "Training a model with them, beside the one in use."
REFUSED = "Refused. The data is as it was, and the assistant goes on with its model."
RESTORED = "The last run did not come to its end. Put back as before: {paths}."
FINISHING = "The last run had a good model and did not come to its end. It is finished now."
TAKEN_OVER = "Learned. A running assistant takes {model} over within seconds."
TESTS_KEPT = "Conversations kept as tests: {number}."
UNDER_WAY = "Another run is under way."

WHY = {
    Refusal.PERSONAL: "carries personal data",
    Refusal.UNREADABLE: "can't stand as an example",
    Refusal.IN_TESTS: "stands in the tests of understanding",
    Refusal.OTHER_LABEL: "is an example of another topic already",
    Refusal.NO_PLACE: "has a topic without examples in its language",
}


def tell_admission(admission: Admission, say: Say) -> None:
    """What becomes of the corrections; texts that may be personal are not printed."""
    for one in admission.new:
        say(f"  + {one.label} ({one.language}): {one.text}")
    if admission.known:
        say(f"Known already: {len(admission.known)}")
    for one, refusal in admission.refused:
        shown = f"correction {one.id}" if refusal is Refusal.PERSONAL else repr(one.text)
        say(f"Not learned: {shown} {WHY[refusal]}")


def tell_comparison(comparison: Comparison, say: Say) -> None:
    """Figures of the old and the new model, then the phrases that changed sides."""
    say(f"{'figure':36} {'language':8} {'before':>8} {'after':>8} {'lost':>5} {'gained':>6} {'allowed':>7}")
    for figure in comparison.figures:
        say(_line(figure))
    for figure in comparison.figures:
        if figure.language == ALL:
            for text in figure.gained:
                say(f"  better, {figure.name}: {text}")
            for text in figure.lost:
                say(f"  worse, {figure.name}: {text}")
    for figure in comparison.worse:
        surplus = len(figure.lost) if figure.strict else len(figure.lost) - len(figure.gained)
        say(f"WORSE: {figure.name} ({figure.language}) loses {surplus} phrases; {figure.allowed} are allowed.")


def tell_tests(failing: Sequence[str], new: Sequence[str], say: Say) -> None:
    """Tests that fail."""
    for name in failing:
        say(f"FAILS: {name}")
    for name in new:
        say(f"Not kept yet, since the assistant does not do it: {name}")


def _line(figure: Figure) -> str:
    shares = f"{percent(figure.before):>8} {percent(figure.after):>8}"
    counts = f"{len(figure.lost):5} {len(figure.gained):6} {figure.allowed:7}"
    return f"{figure.name:36} {figure.language:8} {shares} {counts}{'  WORSE' if figure.is_worse else ''}"
