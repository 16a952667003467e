"""Live news for browsers and programs: hints after commit, a Socket.IO server, and who may hear what."""
