"""Looking up, moving and cancelling an appointment."""
