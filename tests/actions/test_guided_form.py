from typing import Any

import pytest

from actions.forms.form import COMMAND_INTENTS
from actions.forms.step import SKIPPED
from actions.guided.steps import STEPS, Concern
from actions.guided.validate_guided_form import ValidateGuidedForm
from actions.services import Services
from actions.suitability.rules import ANSWERS, load_rules
from actions.turn import Turn
from bot.practice.catalog.queries import Catalogue
from tests.actions.fake_booking import FakeBooking
from tests.actions.world import Chat, buttons, cards, placeholders, responses

ANSWERS_OF_ADA = {
    "concern": "sunspots",
    "body_part": "hands_arms",
    "skin_tone": "light",
    "changes": "no",
    "pregnancy": "no",
    "medicine": "none",
    "sun": "no",
    "tried": "nothing",
}
EMPTY = dict.fromkeys(ANSWERS_OF_ADA)


@pytest.fixture
def chat(services: Services) -> Chat:
    return Chat(ValidateGuidedForm(services))


def ask(slot: str) -> list[str]:
    """The question of a slot."""
    return [f"utter_guided_{slot}"]


def choose(chat: Chat, **answers: str) -> list[str] | None:
    """Taps answers one after the other."""
    said = None
    for slot, value in answers.items():
        assert chat.requested == slot
        said = chat.tap(f'/choose{{"{slot}": "{value}"}}') if value != SKIPPED else chat.tap("/skip")
    return said


def up_to(chat: Chat, slot: str, **changed: str) -> Chat:
    """The chat at a question."""
    chat.open("find_treatment")
    for asked, value in (ANSWERS_OF_ADA | changed).items():
        if asked == slot:
            break
        if chat.requested == asked:
            choose(chat, **{asked: value})
    assert chat.requested == slot
    return chat


def answers(chat: Chat) -> dict[str, Any]:
    """What has been answered so far."""
    return {slot: chat.slots[slot] for slot in EMPTY if chat.slots.get(slot) is not None}


def test_all_answers_by_button_lead_to_advice_and_a_booking(chat: Chat, catalogue: Catalogue) -> None:
    assert chat.open("find_treatment") == ask("concern")
    said = choose(chat, **ANSWERS_OF_ADA)
    assert said == ["utter_guided_result", "utter_guided_care", "utter_guided_next"]
    laser, ipl, peel = cards(chat.said[0])
    assert [card["title"] for card in (laser, ipl, peel)] == [
        treatment.name["en"] for slug in ("laser_pigment", "ipl_pigment", "tca_peel") if (treatment := catalogue.by_slug(slug))
    ]
    assert [card["price"] for card in (laser, ipl, peel)] == ["from € 50.00", "from € 50.00", "from € 200.00"]
    assert all(card["text"] for card in (laser, ipl, peel))
    assert not chat.active


def test_a_dutch_visitor_reads_dutch(services: Services, catalogue: Catalogue) -> None:
    chat = Chat(ValidateGuidedForm(services), language="nl")
    chat.open("find_treatment")
    choose(chat, **ANSWERS_OF_ADA)
    rules = load_rules()
    laser, ipl, peel = cards(chat.said[0])
    assert laser["title"] == "Laserbehandeling pigmentvlekken"
    assert [card["price"] for card in (laser, ipl, peel)] == ["vanaf € 50,00", "vanaf € 50,00", "vanaf € 200,00"]
    whys = {rule.suggest: rule.text for rule in rules if rule.suggest and rule.holds(ANSWERS_OF_ADA)}
    assert laser["text"] == whys["laser_pigment"]["nl"]
    assert [rule.text["nl"] in chat.said[1]["notes"] for rule in rules if rule.id == "light_aftercare"] == [True]


def test_the_answers_are_kept_as_findings_only(chat: Chat) -> None:
    chat.open("find_treatment")
    choose(chat, **ANSWERS_OF_ADA)
    assert chat.slots["findings"] == ANSWERS_OF_ADA | {"suggested": "laser_pigment ipl_pigment tca_peel"}
    assert answers(chat) == {}


def test_every_question_and_its_buttons_are_understood(services: Services) -> None:
    """Each button of each question fills its slot, or sends a command that the form knows."""
    for step in STEPS:
        offered = set(buttons(step.question))
        for payload in offered:
            chat = up_to(Chat(ValidateGuidedForm(services)), step.slot)
            assert chat.tap(payload) is not None, payload
            assert chat.requested != step.slot
        values = ANSWERS[step.slot] - {SKIPPED}
        assert {f'/choose{{"{step.slot}": "{value}"}}' for value in values} <= offered
        assert offered <= {f'/choose{{"{step.slot}": "{value}"}}' for value in values} | {f"/{COMMAND_INTENTS['skip']}"}


# --- opening


def test_what_the_first_message_tells_is_not_asked(chat: Chat) -> None:
    said = chat.open("find_treatment", "what helps against sun spots on brown skin", concern="sunspots", skin_tone="brown")
    assert said == ask("body_part")
    choose(chat, body_part="face")
    assert chat.requested == "changes"


def test_an_unknown_value_is_not_taken(chat: Chat) -> None:
    assert chat.open("find_treatment", "green spots", concern="green") == ask("concern")


def test_opening_again_after_a_pause_goes_on_where_it_was(chat: Chat) -> None:
    up_to(chat, "changes")
    chat.active = False
    assert chat.open("find_treatment") == ask("changes")


# --- answers in words


@pytest.mark.parametrize(
    ("slot", "text", "intent", "entities", "value"),
    [
        ("body_part", "on my hands", "faq", {"body_part": "hands_arms"}, "hands_arms"),
        ("changes", "no", "deny", {}, "no"),
        ("changes", "not really", "nlu_fallback", {}, "no"),
        ("pregnancy", "no", "deny", {}, "no"),
        ("pregnancy", "I'm expecting in May", "nlu_fallback", {}, "yes"),
        ("pregnancy", "ja", "affirm", {}, "yes"),
        ("medicine", "roaccutane", "faq", {"medicine": "isotretinoin"}, "isotretinoin"),
        ("medicine", "none", "deny", {}, "none"),
        ("medicine", "yes", "affirm", {}, "unsure"),
        ("medicine", "no idea what it is called", "nlu_fallback", {}, "unsure"),
        ("sun", "just back from holiday", "nlu_fallback", {}, "yes"),
        ("sun", "nee", "deny", {}, "no"),
    ],
)
def test_an_answer_in_words(chat: Chat, slot: str, text: str, intent: str, entities: dict[str, str], value: str) -> None:
    up_to(chat, slot)
    assert chat.say(text, intent, **entities) is not None
    assert chat.slots[slot] == value


@pytest.mark.parametrize(
    ("slot", "text", "intent", "value"),
    [
        ("concern", "grotere bruine vlekken in het gezicht", "nlu_fallback", "melasma"),
        ("concern", "donkere vlekken na puistjes", "nlu_fallback", "pih"),
        ("concern", "iets anders", "nlu_fallback", "unknown"),
        ("body_part", "op mijn enkel", "nlu_fallback", "legs"),
        ("body_part", "overal een beetje", "nlu_fallback", "elsewhere"),
        ("skin_tone", "licht", "nlu_fallback", "light"),
        ("skin_tone", "vrij donker", "nlu_fallback", "dark"),
        ("skin_tone", "lichtgetint", "nlu_fallback", "medium"),
        ("skin_tone", "olive", "nlu_fallback", "medium"),
        ("changes", "nee hoor", "nlu_fallback", "no"),
        ("changes", "zeker niet", "affirm", "no"),
        ("changes", "het jeukt niet", "nlu_fallback", "no"),
        ("changes", "hij groeit of bloedt niet", "nlu_fallback", "no"),
        ("changes", "is niet veranderd", "nlu_fallback", "no"),
        ("changes", "ik denk het niet", "nlu_fallback", "no"),
        ("pregnancy", "ja hoor", "nlu_fallback", "yes"),
        ("pregnancy", "ben ik niet", "nlu_fallback", "no"),
        ("pregnancy", "zwanger ben ik niet", "nlu_fallback", "no"),
        ("pregnancy", "niet zwanger, maar ik geef wel borstvoeding", "nlu_fallback", "yes"),
        ("pregnancy", "ik weet niet zeker of ik zwanger ben", "nlu_fallback", "yes"),
        ("pregnancy", "ik ben een man", "nlu_fallback", "no"),
        ("medicine", "ik slik helemaal niets", "nlu_fallback", "none"),
        ("medicine", "antibiotica", "nlu_fallback", "unsure"),
        ("medicine", "geen idee hoe het heet", "nlu_fallback", "unsure"),
        ("sun", "net terug van vakantie", "nlu_fallback", "yes"),
        ("sun", "veel in de zon geweest", "nlu_fallback", "yes"),
        ("sun", "ik ga niet op vakantie", "nlu_fallback", "no"),
        ("sun", "nog niet", "nlu_fallback", "no"),
    ],
)
def test_an_answer_in_dutch(chat: Chat, slot: str, text: str, intent: str, value: str) -> None:
    up_to(chat, slot)
    assert chat.say(text, intent) is not None
    assert chat.slots[slot] == value


@pytest.mark.parametrize(
    ("slot", "text", "value"),
    [
        ("concern", "weet ik niet", "unknown"),
        ("concern", "I don't know", "unknown"),
        ("medicine", "geen idee", "unsure"),
        ("body_part", "weet ik niet", SKIPPED),
        ("skin_tone", "not sure", SKIPPED),
        ("sun", "geen idee", SKIPPED),
        ("medicine", "sla over", SKIPPED),
        ("pregnancy", "zeg ik liever niet", SKIPPED),
    ],
)
def test_i_do_not_know_is_an_answer_where_it_says_more_than_a_skip(chat: Chat, slot: str, text: str, value: str) -> None:
    up_to(chat, slot)
    assert chat.say(text, "nlu_fallback", command="skip") is not None
    assert chat.slots[slot] == value


@pytest.mark.parametrize(
    ("text", "topic", "told"),
    [
        ("brown spots on my hands from the sun", "sunspots", {"concern": "sunspots", "body_part": "hands_arms"}),
        (
            "little white patches that get no colour",
            "vitiligo_hypopigmentation",
            {"concern": "hypopigmentation", "body_part": "hands_arms"},
        ),
        ("hands", "sunspots", None),
        ("the shop where I bought it", "shop_costs", None),
    ],
)
def test_a_concern_that_is_described(text: str, topic: str, told: dict[str, str] | None) -> None:
    said = Turn(text=text, intent="faq", entities={"body_part": "hands_arms"}, ranking=((f"faq/{topic}", 0.9),))
    heard = Concern().read(said, {})
    assert (heard.slots if heard else None) == told


@pytest.mark.parametrize("slot", ["skin_tone", "body_part"])
@pytest.mark.parametrize("text", ["niet donker", "de donkere vlekken op mijn linkerarm worden steeds donkerder", "not dark"])
def test_words_of_an_answer_that_are_denied_or_part_of_more_are_none(chat: Chat, slot: str, text: str) -> None:
    up_to(chat, slot)
    assert chat.say(text, "nlu_fallback") is None


@pytest.mark.parametrize(
    ("text", "intent", "entities", "value"),
    [
        ("nothing", "deny", {}, "nothing"),
        ("some cream from the shop", "nlu_fallback", {}, "creams"),
        ("laser", "faq", {"treatment": "laser_pigment"}, "laser"),
        ("a peel", "faq", {"treatment": "tca_peel"}, "peel"),
        ("yes, a lot", "affirm", {}, "other"),
        ("nog niets", "nlu_fallback", {}, "nothing"),
        ("ik heb nog nooit iets geprobeerd", "nlu_fallback", {}, "nothing"),
        ("een crèmepje van de drogist", "nlu_fallback", {}, "creams"),
        ("van alles", "nlu_fallback", {}, "other"),
    ],
)
def test_what_was_tried_in_words(chat: Chat, text: str, intent: str, entities: dict[str, str], value: str) -> None:
    up_to(chat, "tried").say(text, intent, **entities)
    assert chat.slots["findings"]["tried"] == value


# --- the doctor


@pytest.mark.parametrize(
    ("text", "intent", "response"),
    [
        ("yes", "affirm", "utter_red_flag_spot"),
        ("it has grown", "nlu_fallback", "utter_red_flag_spot"),
        ("I think so", "affirm", "utter_guided_unsure_changes"),
        ("maybe", "nlu_fallback", "utter_guided_unsure_changes"),
        ("weet ik niet", "nlu_fallback", "utter_guided_unsure_changes"),
        ("zou kunnen", "nlu_fallback", "utter_guided_unsure_changes"),
        ("ik denk het wel", "affirm", "utter_guided_unsure_changes"),
        ("hij is gegroeid", "nlu_fallback", "utter_red_flag_spot"),
        ("het geneest niet", "nlu_fallback", "utter_red_flag_spot"),
        ("het is veranderd maar jeukt niet", "nlu_fallback", "utter_red_flag_spot"),
        ("hij groeit niet meer", "nlu_fallback", "utter_red_flag_spot"),
    ],
)
def test_a_spot_that_may_have_changed_ends_with_the_doctor(chat: Chat, text: str, intent: str, response: str) -> None:
    up_to(chat, "changes")
    assert chat.say(text, intent) == [response]
    assert not chat.active
    assert cards(chat.said[0]) == [] == chat.said[0]["buttons"]
    assert answers(chat) == {}
    assert chat.slots["findings"] is None


@pytest.mark.parametrize("text", ["not sure", "weet ik niet", "geen idee"])
def test_not_knowing_whether_it_changed_is_never_a_skip(chat: Chat, text: str) -> None:
    up_to(chat, "changes")
    assert chat.say(text, "nlu_fallback", command="skip") == ["utter_guided_unsure_changes"]


@pytest.mark.parametrize("response", ["utter_red_flag_spot", "utter_guided_unsure_changes"])
def test_the_doctors_answer_offers_nothing_to_buy(response: str) -> None:
    assert not any(variant.get("buttons") for variant in responses()[response])


def test_a_red_flag_at_any_question_is_left_to_its_rule(chat: Chat) -> None:
    for slot in ANSWERS_OF_ADA:
        assert up_to(chat, slot).say("no, on my face, and it bleeds", "red_flag", body_part="face") is None
        chat.tap("/stop")


# --- what is left open


def test_everything_may_be_skipped_and_leads_to_the_consultation(chat: Chat) -> None:
    chat.open("find_treatment")
    chat.tap('/choose{"concern": "unknown"}')
    while chat.requested:
        said = chat.tap("/skip")
    assert said is not None
    assert (said[0], said[-1]) == ("utter_guided_no_result", "utter_guided_next")


def test_without_an_answer_on_changes_no_treatment_is_named(chat: Chat) -> None:
    chat.open("find_treatment")
    said = choose(chat, **ANSWERS_OF_ADA | {"changes": SKIPPED})
    assert said
    assert said[0] == "utter_guided_no_result"


def test_questions_that_make_no_difference_are_not_asked(chat: Chat) -> None:
    chat.open("find_treatment")
    choose(chat, concern="hypopigmentation", body_part="face", skin_tone="dark", changes="no", tried="nothing")
    assert not chat.active
    assert chat.slots["findings"]["suggested"] == "dermatography camouflage"


def test_a_pregnant_visitor_hears_what_was_left_out(chat: Chat) -> None:
    chat.open("find_treatment")
    said = choose(chat, **ANSWERS_OF_ADA | {"pregnancy": "yes"})
    assert said == ["utter_guided_result", "utter_guided_care", "utter_guided_next"]
    assert chat.slots["findings"]["suggested"] == "sunscreen"
    assert chat.said[1].keys() >= placeholders("utter_guided_care")


# --- corrections, back, stop


def test_no_the_left_cheek(chat: Chat) -> None:
    up_to(chat, "changes")
    assert chat.say("no, the left cheek", "deny", body_part="face") == ask("changes")
    assert chat.slots["body_part"] == "face"
    assert chat.slots.get("changes") is None


def test_a_correction_in_dutch(chat: Chat) -> None:
    up_to(chat, "changes")
    assert chat.say("nee, de linkerwang", "deny", body_part="face") == ask("changes")
    assert chat.say("sorry, ik bedoel melasma", "faq", concern="melasma") == ask("changes")
    assert (chat.slots["body_part"], chat.slots["concern"]) == ("face", "melasma")


def test_a_correction_of_the_concern_keeps_the_other_answers(chat: Chat) -> None:
    up_to(chat, "sun")
    assert chat.say("actually it is melasma", "faq", concern="melasma") == ask("sun")
    assert answers(chat) == {slot: value for slot, value in ANSWERS_OF_ADA.items() if slot not in ("sun", "tried")} | {"concern": "melasma"}


def test_back_and_another_answer(chat: Chat) -> None:
    up_to(chat, "skin_tone")
    assert chat.tap("/go_back") == ask("body_part")
    choose(chat, body_part="face")
    assert (chat.slots["body_part"], chat.requested) == ("face", "skin_tone")


def test_stop_forgets_the_answers(chat: Chat) -> None:
    up_to(chat, "medicine")
    assert chat.say("stop", command="stop") == ["utter_guided_stopped"]
    assert answers(chat) == {}
    assert not chat.active


# --- digressions


def test_a_question_in_between_is_answered_and_the_form_asks_again(chat: Chat) -> None:
    up_to(chat, "pregnancy")
    assert chat.digress("does laser hurt?", "faq", "utter_faq/laser_pain") == ask("pregnancy")
    choose(chat, pregnancy="no")
    assert chat.requested == "medicine"


def test_a_question_that_was_asked_twice_is_left_open(chat: Chat) -> None:
    up_to(chat, "body_part")
    assert chat.digress("hm", "nlu_fallback", "utter_not_understood_in_form") == ask("body_part")
    assert chat.digress("hm", "nlu_fallback", "utter_not_understood_in_form") == ask("skin_tone")
    assert chat.slots["body_part"] == SKIPPED


def test_the_first_question_pauses_instead(chat: Chat) -> None:
    chat.open("find_treatment")
    assert chat.digress("hm", "nlu_fallback", "utter_not_understood_in_form") == ask("concern")
    assert chat.digress("hm", "nlu_fallback", "utter_not_understood_in_form") == ["utter_guided_paused"]
    assert not chat.active


# --- when parts fail


def test_a_catalogue_that_cannot_be_read_keeps_the_answers(broken_services: Services) -> None:
    chat = up_to(Chat(ValidateGuidedForm(broken_services)), "tried")
    assert chat.tap('/choose{"tried": "nothing"}') == ["utter_unavailable"]
    assert not chat.active
    assert answers(chat) == {slot: value for slot, value in ANSWERS_OF_ADA.items() if slot != "tried"}


def test_the_booking_backend_is_not_needed(chat: Chat, booking: FakeBooking) -> None:
    booking.down = True
    chat.open("find_treatment")
    said = choose(chat, **ANSWERS_OF_ADA)
    assert said
    assert said[0] == "utter_guided_result"


ODD = ["", "   ", "x" * 10_000, "🙂" * 50, "\x00\x07", "<b>hi</b>", "明日の午後", "/restart"]


@pytest.mark.parametrize("slot", ANSWERS_OF_ADA)
def test_odd_texts_are_no_answer(chat: Chat, slot: str) -> None:
    up_to(chat, slot)
    before = dict(chat.slots)
    assert [chat.say(text, "nlu_fallback") for text in ODD] == [None] * len(ODD)
    assert chat.slots == before
