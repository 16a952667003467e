"""Enrichment jobs and their attempts.

jobs        create, pause, resume and cancel jobs
estimate    what a job would use and send, without creating it
due         which jobs are due
run         one attempt: page by page through the ladder
pages       which rows a job covers, and what a stored page changes in it
side_by_side  enrich pages without a model, several at one time, committed in their order
attempt     take a job with a lease, and check the lease at every write
deciding    let the ladder decide, once for all rows that are equal to it
asking      send batches of unknown merchants to the model
writing     write decisions to rows, never over a user's edits
events      one model for each event of a job, and their log
schemas     events over HTTP
rekey       rewrite stored keys after the rules for keys changed
key_moves   make corrections follow a changed key
recover     take jobs back from crashed workers, and resend lost messages
apply_rule  preview a rule on stored rows, and apply it
undo        restore each row's earlier values
"""
