"""Locks shared between several workers, in Redis."""

import redis
from rasa.core.lock_store import DEFAULT_REDIS_LOCK_STORE_KEY_PREFIX, LockStore, RedisLockStore
from rasa.utils.endpoints import EndpointConfig

from bot import settings

SOCKET_SECONDS = 2.0
"""Longest wait for Redis: a visitor is waiting."""


class RedisLocks(RedisLockStore):
    """Rasa's Redis lock store, reached by the one address in the settings with all that it says: user, password, database, TLS."""

    def __init__(self, endpoint_config: EndpointConfig | None = None) -> None:
        """Connects; Rasa's own configuration adds nothing."""
        url = settings.load().redis_url
        self.red = redis.StrictRedis.from_url(url, socket_timeout=SOCKET_SECONDS, socket_connect_timeout=SOCKET_SECONDS)
        self.key_prefix = DEFAULT_REDIS_LOCK_STORE_KEY_PREFIX
        LockStore.__init__(self)
