"""Run an import: start it, fetch, store, finish, and survive every failure.

start                cut the planned days into windows and queue one task per account
run                  one attempt: the loop over fetch, match and store
fetch                ask the bank for a window, and store the raw answer
pending_and_balance  refresh pending rows and the balance, which have no days
finish               end an attempt, and fold the accounts' results into the job
job_status           the job's status and progress from those of its accounts; pure
retry                after a failure: wait until when, or give up; pure
recover              take work back from dead workers, and resend lost messages
heartbeat            renew the leases of the attempts of this process
control              pause, resume, cancel and retry
after_import         start enrichment when an import has ended, and note its end
transfer_scan        look for transfers among the new rows
notices              the words of notifications about imports
"""
