"""Who may use the console: accounts, log-in, sessions."""
