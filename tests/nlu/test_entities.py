"""What is found in what visitors name."""

from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities import EntitiesError, EntityFinder, Vocabulary, find_entities, load_vocabulary
from bot.settings import ROOT

ENTITIES_FILE = ROOT / "data" / "entities.yml"

NAMED = [
    ("how much is laser", ["treatment.laser_pigment"]),
    ("how much is lasering my tattoo", ["treatment.laser_tattoo"]),
    ("laser for the old tattoo on my arm", ["treatment.laser_tattoo", "concern.tattoo", "body_part.hands_arms"]),
    ("what does it cost to remove a small tattoo", ["treatment.laser_tattoo", "concern.tattoo"]),
    ("tattoo removal", ["treatment.laser_tattoo"]),
    ("tatoeage laten verwijderen", ["treatment.laser_tattoo"]),
    ("laser hair removal", ["treatment_asked.laser hair removal"]),
    ("laserontharing benen", ["treatment_asked.laserontharing", "body_part.legs"]),
    ("botox or fillers?", ["treatment_asked.botox", "treatment_asked.fillers"]),
    ("IPL", ["treatment.ipl_pigment"]),
    ("a chemical peel", ["treatment.tca_peel"]),
    ("TCA", ["treatment.tca_peel"]),
    ("peelling", ["treatment.tca_peel"]),
    ("I have a feeling", []),
    ("micro-needling", ["treatment.microneedling"]),
    ("microneedeling", ["treatment.microneedling"]),
    ("medical tattooing of light spots", ["treatment.dermatography", "concern.hypopigmentation"]),
    ("retinol", ["treatment.retinol"]),
    ("tretinoin", ["medicine.photosensitising"]),
    ("doxycyclin and roacutane", ["medicine.photosensitising", "medicine.isotretinoin"]),
    ("sun spots", ["concern.sunspots"]),
    ("Sun-Spots", ["concern.sunspots"]),
    ("sunspot", ["concern.sunspots"]),
    ("zonnevlekken", ["concern.sunspots"]),
    ("melasma", ["concern.melasma"]),
    ("malasma", ["concern.melasma"]),
    ("melanoma", []),
    ("melanin", []),
    ("cancer", []),
    ("brown patches on both cheeks", ["concern.hyperpigmentation", "body_part.face"]),
    ("café-au-lait spot", ["concern.cafe_au_lait"]),
    ("naevus van Ota", ["concern.nevus_of_ota"]),
    ("dark spots", ["concern.hyperpigmentation"]),
    ("dark skin", ["skin_tone.dark"]),
    ("my skin is brown", ["skin_tone.brown"]),
    ("I'm black", ["skin_tone.dark"]),
    ("fitzpatrick 2", ["skin_tone.light"]),
    ("type V", ["skin_tone.dark"]),
    ("olive skin", ["skin_tone.medium"]),
    ("getinte huid", ["skin_tone.brown"]),
    ("lichtgetinte huid", ["skin_tone.medium"]),
    ("a tinted sunscreen", []),
    ("oily skin", ["skin_filter.oily"]),
    ("onzuivere huid", ["skin_filter.blemished"]),
    ("under my eyes", ["body_part.around_eyes"]),
    ("I have been away", []),
    ("op mijn been", ["body_part.legs"]),
    ("a video call please", ["appointment_type.video"]),
    ("beeldbellen", ["appointment_type.video"]),
    ("I'll come by", ["appointment_type.practice"]),
    ("I ordered online in an online shop", []),
    ("least expensive", ["sort.cheapest"]),
    ("wat is de goedkoopste peeling", ["sort.cheapest", "treatment.tca_peel"]),
    ("duurste", ["sort.dearest"]),
    ("stop", ["command.stop"]),
    ("Stop!", ["command.stop"]),
    ("cancel", ["command.stop"]),
    ("cancel my appointment", []),
    ("never mind", ["command.stop"]),
    ("laat maar", ["command.stop"]),
    ("go back", ["command.back"]),
    ("mole on my back", ["body_part.back"]),
    ("don't know", ["command.skip"]),
    ("don’t know", ["command.skip"]),
    ("I don't know what a peel is", ["treatment.tca_peel"]),
    ("sla over", ["command.skip"]),
    ("ga verder", ["command.resume"]),
    ("wat kost een laser behandeling", ["treatment.laser_pigment"]),
    ("kan mijn tatoe er ook af, weglaseren dus", ["concern.tattoo", "treatment.laser_tattoo"]),
    ("lichtflitsen", ["treatment.ipl_pigment"]),
    ("vruchtenzuurpeeling", ["treatment.tca_peel"]),
    ("kleine naaldjes in mijn gezicht", ["treatment.microneedling", "body_part.face"]),
    ("kamoeflage", ["treatment.camouflage"]),
    ("medische tattoo voor een witte plek", ["treatment.dermatography", "concern.hypopigmentation"]),
    ("moedervlek laten weghalen", ["treatment_asked.moedervlek laten weghalen"]),
    ("kerkhofbloempjes op mijn handen", ["concern.sunspots", "body_part.hands_arms"]),
    ("zwangerschapsvlekken op mijn bovenlip", ["concern.melasma", "body_part.face"]),
    ("donkere vlekken na puistjes", ["concern.pih"]),
    ("pigmentvlekken na acne", ["concern.pih"]),
    ("café-au-laitvlekken", ["concern.cafe_au_lait"]),
    ("ik heb te weinig pigment", ["concern.hypopigmentation"]),
    ("op de rug van mijn hand", ["body_part.hands_arms"]),
    ("op mijn rug", ["body_part.back"]),
    ("achter de rug", []),
    ("op het eerste gezicht", []),
    ("ik heb enkel een vraag", []),
    ("enkele vlekjes", []),
    ("kunt u mij helpen", []),
    ("zes maanden geleden", []),
    ("ik ben bruin geworden op vakantie", []),
    ("ik heb een vrij donkere huid", ["skin_tone.dark"]),
    ("mijn huid is van nature bruin", ["skin_tone.brown"]),
    ("lichtbruine vlek", []),
    ("olijfkleurig", ["skin_tone.medium"]),
    ("ik verbrand snel", ["skin_tone.light"]),
    ("plastabletten", ["medicine.photosensitising"]),
    ("videobelafspraak", ["appointment_type.video"]),
    ("ik kom liever bij u langs", ["appointment_type.practice"]),
    ("het goedkoopst", ["sort.cheapest"]),
    ("ik stel het op prijs", []),
    ("laat maar zitten", ["command.stop"]),
    ("hou maar op", ["command.stop"]),
    ("hoeft niet", []),
    ("een stapje terug", ["command.back"]),
    ("dat weet ik niet zeker", ["command.skip"]),
    ("deze sla ik over", ["command.skip"]),
    ("kunnen we verder", ["command.resume"]),
    ("yes", []),
    ("no", []),
    ("", []),
    ("😀", []),
    ("laser laser lasers", ["treatment.laser_pigment"]),
]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary(ENTITIES_FILE)


@pytest.mark.parametrize(("text", "expected"), NAMED, ids=[text for text, _ in NAMED])
def test_what_a_message_names(text: str, expected: list[str], vocabulary: Vocabulary) -> None:
    assert [f"{found.entity}.{found.value}" for found in find_entities(text, vocabulary)] == expected


def test_each_value_is_found_by_each_of_its_phrases(vocabulary: Vocabulary) -> None:
    data = yaml.safe_load(ENTITIES_FILE.read_text(encoding="utf-8"))
    for entity, values in data["phrases"].items():
        for value, languages in values.items() if entity not in data["hidden"] else ():
            for phrase in (phrase for phrases in languages.values() for phrase in phrases):
                found = {(one.entity, one.value) for one in find_entities(phrase, vocabulary)}
                assert (entity, value or phrase) in found, f"{entity}.{value}: {phrase!r} gives {found}"


def test_the_place_is_that_in_the_message_as_it_was_sent(vocabulary: Vocabulary) -> None:
    text = "Hm… what’s a  PEE\u200bLING for my cafe\u0301-au-lait?"
    assert [text[found.start : found.end] for found in find_entities(text, vocabulary)] == ["PEE\u200bLING", "cafe\u0301-au-lait"]


def test_entities_found_before_are_kept(vocabulary: Vocabulary) -> None:
    language = {"entity": "language", "value": "en"}
    message = Message(data={"text": "price of a peel", "entities": [language]})
    EntityFinder(vocabulary).process([message])
    peel = {"entity": "treatment", "value": "tca_peel", "start": 11, "end": 15, "extractor": "EntityFinder", "confidence": 1.0}
    assert message.get("entities") == [language, peel]


def test_a_command_of_rasa_is_left_alone(vocabulary: Vocabulary) -> None:
    message = Message(data={"text": "/ask_price laser"})
    EntityFinder(vocabulary).process([message])
    assert message.get("entities") is None


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("phrases: {a: {b: {en: [no]}}}\nlook_alikes: []\nwhole_message: []\nhidden: []\ntogether: []", "a.b.en: False is not text"),
        ("phrases: {}", "look_alikes"),
        ("phrases: [", "can't be read"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(content: str, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "entities.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(EntitiesError, match=fault):
        load_vocabulary(path)


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("I don't want laser, what else is there", {"laser_pigment"}),
        ("anything without a peel?", {"tca_peel"}),
        ("no laser or peel please", {"laser_pigment", "tca_peel"}),
        ("ik wil geen laser", {"laser_pigment"}),
        ("kan het ook zonder peeling", {"tca_peel"}),
        ("laser wil ik niet", {"laser_pigment"}),
        ("liever geen IPL of laser", {"ipl_pigment", "laser_pigment"}),
        ("how much is laser", set()),
        ("is laser not dangerous", set()),
        ("werkt laser niet op een donkere huid?", set()),
    ],
)
def test_what_is_refused_is_not_wished_for(text: str, unwanted: set[str]) -> None:
    found = find_entities(text, load_vocabulary(ROOT / "data" / "entities.yml"))
    assert {entity.value for entity in found if entity.entity == "treatment_unwanted"} == unwanted
    assert bool({entity.value for entity in found if entity.entity == "treatment"}) is not bool(unwanted)
