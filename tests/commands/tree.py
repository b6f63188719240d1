"""A tiny sound project, made by code, and ways to break it."""

from pathlib import Path

DOMAIN = """\
version: "3.1"
intents:
- faq
- privacy
- choose
entities:
- language
- concern: {influence_conversation: false}
slots:
  language: {type: text, mappings: [{type: from_entity, entity: language}]}
forms:
  guided_form: {required_slots: []}
actions:
- action_tell_price
"""

TOPIC = """\
version: "3.1"

responses:
  utter_faq/melasma:
  - text: Melasma shows as dark patches. It mostly comes on the face.
    metadata:
      title: {en: Melasma, nl: Melasma}
      section: The most common pigment problems
      source: [page]
  - {condition: [{type: slot, name: language, value: nl}], text: Melasma ziet u als donkere vlekken. Het komt vooral in het gezicht.}
nlu:
- intent: faq/melasma
  metadata: {language: en}
  examples: |
"""

TASK = """\
nlu:
- intent: privacy
  metadata: {language: en}
  examples: |
"""

RULES = """\
rules:
- rule: questions
  condition:
  - slot_was_set: [language]
  steps:
  - intent: faq
  - action: utter_faq
- rule: privacy
  steps:
  - or:
    - intent: privacy
    - intent: choose
      entities: [concern]
  - action: utter_privacy
  - action: action_tell_price
  - action: guided_form
  - active_loop: guided_form
  - active_loop: null
  - action: action_listen
"""

RESPONSES = """\
responses:
  utter_privacy:
  - text: Read the notice in {language}.
    buttons:
    - title: Melasma
      payload: '/choose{{"concern": "melasma"}}'
    - title: More
      payload: /faq/melasma
  - text: Lees de verklaring in {language}.
    condition:
    - {type: slot, name: language, value: nl}
    buttons:
    - title: Melasma
      payload: '/choose{{"concern": "melasma"}}'
    - title: Meer
      payload: /faq/melasma
  utter_price:
  - text: It costs {price}.
  - {condition: [{type: slot, name: language, value: nl}], text: "Het kost {price}."}
  utter_price_none:
  - text: It is not known.
  - {condition: [{type: slot, name: language, value: nl}], text: Dat is niet bekend.}
"""

ACTION = '''\
"""The prices, said to whoever asks for them."""

from rasa_sdk import Action


class TellPrice(Action):
    def name(self):
        return "action_tell_price"

    def run(self, dispatcher, tracker, domain):
        if not tracker:
            raise ValueError("there must be a tracker to tell a price.")
        dispatcher.utter_message(response="utter_price", price="50")
        Say("utter_price", {"price": "50"})
        Say(f"utter_price_{tracker.kind}", buttons=(payload("choose", concern="melasma"),))
'''

PHRASES = '{"text": "what is this patch called", "accept": ["faq/melasma"]}\n'

FILES = {
    "config.yml": "policies:\n- name: RulePolicy\n  core_fallback_action_name: utter_privacy\n",
    "domain.yml": DOMAIN,
    "data/faq/melasma.yml": TOPIC + "".join(f"    - question {number} about melasma\n" for number in range(30)),
    "data/intents/privacy.yml": TASK + "".join(f"    - question {number} about my data\n" for number in range(30)),
    "data/dialogue/rules.yml": RULES,
    "data/glossary/nl.tsv": "# a remark\nfoto's\tphotos\nnou\t\nzonnevlek\tsun spot\n",
    "data/responses/other.yml": RESPONSES,
    "actions/tell_price.py": ACTION,
    "actions/rules.yml": "- {why: {en: a reason, nl: een reden}, response: utter_price}\n",
    "bot/texts.en.yml": "save: Save\npage: 'Page {number}'\n",
    "bot/texts.nl.yml": "save: Opslaan\npage: 'Pagina {number}'\n",
    "tests/language/held_out.jsonl": PHRASES,
}


def plant(root: Path) -> Path:
    """Writes the sound project."""
    for name, content in FILES.items():
        write(root, name, content)
    return root


def write(root: Path, name: str, content: str) -> None:
    """Writes one file of it."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def change(root: Path, name: str, old: str, new: str) -> None:
    """Replaces a text that stands in a file, once."""
    content = (root / name).read_text()
    assert old in content, f"{name} does not hold {old!r}"
    write(root, name, content.replace(old, new, 1))
