"""WhatsApp: its webhook, what its deliveries mean, and what answers become there."""
