"""An installation, what its users do in it, and the rows they have.

installation   an installation whose tasks run in the test itself
imports        import from a simulated bank
record         a user to whose record a test adds rows
rows           rows for tests of the pure stages
proof          read an account's proof, and make rows to prove
enrichment     add rows, run enrichment jobs to their end
costs          read costs and the rows behind them, and move an import into an earlier month
schedules      create schedules, let them fall due, and read their runs
consents       let consents end
transfers      rows that may be transfers, and the search for them
notifications  create notifications, read and advance their deliveries
"""
