"""Which days of an account are complete, and how we prove it.

proof         compare balances with rows, day by day; pure
chain         prove days by running balances; pure
day_proof     how certain it is that days are complete, and why; pure
groups        group neighbouring days that can only be proved together; pure
path          walk a day's rows along their running balances; pure
readings      how to read reported balances; pure
sure_point    prove only what follows a point behind which the proof cannot change; pure
stored_point  an account's sure point, with a fingerprint of what it was made from
prove         read what the proof needs, and join its result with the coverage
day_states    the state of every day of an account, as one strip; pure
coverage      which days of an account are stored
freshness     how far each account is stored and proven, and notices about broken ones
one_day       one day in detail: its rows and the balances around them
schemas       coverage and proof over HTTP
heal          fetch broken days again
router        accounts, coverage and proof over HTTP
tasks         the background task
"""
