"""Measuring the understanding: test phrases, the model's reading of them, and figures."""
