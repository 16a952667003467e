"""Scheduled imports, from a rule to a job.

recurrence  when a rule runs next, clock changes and short months included; pure
words       the rule in words; pure
jitter      spread runs over some minutes; pure
catch_up    which missed runs are made up for; pure
allowance   what runs spend of the unattended allowance; pure
models      schedules and their runs
due         which schedules are due, overdue or stopped
stale       accounts that schedules should have imported by now, and notices about them
service     create, change, pause, resume and remove a schedule
preview     the next runs, and what would stop them
fire        write due runs down, begin each, note its end
renewal     resume schedules after a consent was renewed
overview    schedules as their user sees them
repository  read and write schedules
errors      what can go wrong with a schedule
schemas     schedules over HTTP
router      schedules over HTTP
tasks       the background task
"""
