"""Understanding: language, topic, facts and red flags in what a visitor writes."""
