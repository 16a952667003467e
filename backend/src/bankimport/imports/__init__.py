"""The flow of an import, to be read in this order.

plan.py       say what would be fetched, and save it as a job that does nothing yet
start.py      cut the days into windows and send one hint per account
run.py        one attempt: the loop over the stages below
attempt.py    take the account import, and prove at every write that it is still ours
fetch.py      ask for a window and keep the raw answer
aside.py      rows of it that are not taken: kept, counted, shown
normalise.py  a bank's row in our terms
dedupe.py     which fetched row is which stored row
store.py      rows, counts, progress and event in one transaction
carry.py      what users said of undone rows, for the rows that come in their place
finish.py     how it ended, folded into the job
retry.py      after a failure: wait until when, or give up
recover.py    find work whose worker died or whose message was lost
"""
