"""What the processes find in their environment, worked out from the settings."""

import os

from bot.settings import Settings


def environment(settings: Settings) -> dict[str, str]:
    """The environment for Rasa and its action server; `endpoints.yml` reads its values from here."""
    return {
        **os.environ,
        "ACTIONS_WEBHOOK": settings.internal_actions_url,
        "CONVERSATIONS_DATABASE": settings.conversations_database,
        "LOCK_STORE": "bot.locks.RedisLocks" if settings.redis_url else "in_memory",
        "TICKET_LOCK_LIFETIME": "30",
        "SANIC_HOST": settings.host,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_ENABLE_ONEDNN_OPTS": "1",  # training is a fifth faster with it on processors where it isn't the default
        # small matrices: threads cost more than they bring
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
    }
