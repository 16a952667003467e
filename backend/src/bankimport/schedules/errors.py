"""Errors of schedules, as reported to the caller."""

from bankimport.errors import BankImportError, InvalidRequest, NotFound


class ScheduleNotFound(NotFound):
    """No such schedule, or not this user's."""

    code = "schedule_not_found"


class ScheduleInvalid(InvalidRequest):
    """The rule is invalid: an unknown time zone, a missing day, or a meaningless cron expression."""

    code = "schedule_invalid"


class ScheduleBusy(BankImportError):
    """An earlier run of the schedule is still in progress."""

    code = "schedule_busy"
    http_status = 409
