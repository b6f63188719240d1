"""Short texts for cards and buttons."""

from pathlib import Path

from bot.texts import Texts

text = Texts(Path(__file__).with_name("texts.yml"))
