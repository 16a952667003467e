"""Run an import: start it, fetch, store, finish, and survive every failure.

start                cut the planned days into windows and queue one task per account
run                  one attempt: the loop over fetch, match and store
fetch                request a window from the bank, and store the raw answer
pending_and_balance  refresh pending rows and the balance, which have no days
finish               end an attempt, and combine the accounts' results into the job's
job_status           the job's status and progress from those of its accounts; pure
retry                after a failure: how long to wait, or give up; pure
recover              take work back from crashed workers, and resend lost messages
heartbeat            renew the leases of this process's attempts
control              pause, resume, cancel and retry
after_import         start enrichment when an import has ended, and record its end
transfer_scan        scan the new rows for transfers
notices              the texts of notifications about imports
"""
