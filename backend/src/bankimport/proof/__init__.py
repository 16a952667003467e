"""Which days of an account are complete, and how that is proven.

proof       balances against rows, day by day; pure
groups      days that only make sense together, judged together; pure
path        walk a day's rows along their running balances; pure
prove       read what the proof needs, and join it with what was asked and answered
day_states  what is known of every day of an account, as one strip; pure
coverage    which days of an account are stored
freshness   how far each account is stored and proven, and notices about broken ones
one_day     one day in detail: its rows and the balances around them
schemas     coverage and proof over HTTP
heal        fetch broken days again
router      accounts, coverage and proof over HTTP
tasks       the background task
"""
