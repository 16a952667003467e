"""An import from plan to stored rows.

models      jobs, their accounts, windows, attempts, events, raw answers and rejected rows
events      one model for each event of a job, and their log
import_plan  the stored plan of a job, with a version
time_zone   change a connection's time zone, and date its rows by it
schemas     what imports look like over HTTP
repository  read and write jobs, account imports, windows, attempts and events
errors      what can go wrong with an import
windows     cut days into sync windows
attempt     take an account import by a lease, and check the lease at every write
fairness    which account import is next, fairly among users and jobs
callback    the return from a bank's consent pages
router      imports over HTTP
tasks       the background tasks

The sub-packages, in the order of the flow:

plan        say what would be fetched, and what it takes
run         one attempt: fetch, match, store, finish; retry, recover, control
answers     the bank's answers: stored raw, normalised, rejected rows, retention
match       which fetched row is which stored row, and store the outcome
changes     undo, redo, dry runs and the user's reviews
read        status, queue and live events
"""
