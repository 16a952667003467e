"""People who sign in, and the sessions, links and tokens that prove it."""
