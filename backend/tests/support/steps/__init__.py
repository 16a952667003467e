"""An installation, what its users do in it, and the rows they have.

installation   an installation whose tasks run in the test itself
imports        import from a simulated bank
record         a user to whose record a test adds rows
rows           rows for tests of the pure stages
proof          read an account's proof
enrichment     add rows, run enrichment jobs to their end
costs          read costs and the rows behind them
schedules      create schedules
notifications  create notifications, read and advance their deliveries
"""
