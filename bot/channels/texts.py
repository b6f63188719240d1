"""Short texts that a platform asks for beside the messages."""

from pathlib import Path

from bot.texts import Texts

text = Texts(Path(__file__).with_name("texts.yml"))
