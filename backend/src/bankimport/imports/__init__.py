"""An import from plan to stored rows.

models          jobs, their accounts, windows, attempts, events, raw answers and rejected rows
events          one model for each event of a job, and their log
import_plan     the stored plan of a job, with a version
time_zone       change a connection's time zone, and date its rows accordingly
schemas         imports over HTTP
repository      read and write jobs, account imports, windows, attempts and events
errors          errors of imports
windows         cut days into sync windows
attempt         take an account import with a lease, and check the lease at every write
choose          which account import is next, fairly among users and jobs
due             which account imports are due, for what counts them and for what takes them
fairness        how many account imports are due, and which can be taken
renewal         resume the import that waited for a renewal of its consent
renewal_router  the answer to a renewal with another login, over HTTP
callback        the return from a bank's consent pages
router          imports over HTTP
tasks           the background tasks

The sub-packages, in the order of the flow:

plan        show what would be fetched, and what it would take
run         one attempt: fetch, match, store, finish; retry, recover, control
answers     the bank's answers: stored raw, normalised, rejected rows, retention
sources     the bank behind one interface, by whichever of its APIs
match       decide which fetched row is which stored row, and store the result
changes     undo, redo, dry runs and the user's reviews
read        status, queue and live events
"""
