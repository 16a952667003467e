"""Scheduled imports: from a rule in words to a job, to be read in this order.

recurrence.py  when a rule runs next, DST and short months included; pure
words.py       the rule and its runs in words; pure
jitter.py      how much later than its time a run is fired, so that banks are not hit at the full hour; pure
catch_up.py    which of the runs that are due are carried out after a downtime; pure
allowance.py   what runs spend of the unattended allowance; pure
preview.py     the next runs with what stands in their way
service.py     make, change, pause, resume, remove a schedule, and run it now
fire.py        what beat asks for: write due runs down, begin each as an unattended job, note how it ended
renewal.py     let schedules go on after a consent was renewed
"""
