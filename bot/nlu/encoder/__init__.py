"""The sentence encoder: the public weights, tuned on the examples, exported and run."""
