"""Scheduled imports, from a rule to a job.

recurrence  when a rule runs next, including clock changes and short months; pure
words       a rule in words; pure
jitter      spread runs over some minutes; pure
catch_up    which missed runs to make up; pure
allowance   how much of the unattended allowance runs use; pure
models      schedules and their runs
due         which schedules are due, overdue or stopped
stale       accounts that schedules should have imported by now, and notifications about them
service     create, change, pause, resume and remove a schedule
preview     the next runs, and what would stop them
fire        record due runs, start each one, record its result
renewal     resume schedules after a consent was renewed
overview    schedules as shown to their user
repository  read and write schedules
errors      errors of schedules
schemas     schedules over HTTP
router      schedules over HTTP
tasks       the background tasks
"""
