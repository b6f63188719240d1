"""Telegram: its webhook, what its updates mean, and what answers become there."""
