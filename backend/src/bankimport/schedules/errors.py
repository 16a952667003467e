"""What can go wrong with a schedule, as the caller is told."""

from bankimport.errors import BankImportError, InvalidRequest, NotFound


class ScheduleNotFound(NotFound):
    """No such schedule, or not this user's."""

    code = "schedule_not_found"


class ScheduleInvalid(InvalidRequest):
    """The rule cannot be followed: an unknown time zone, a missing day, a cron expression that makes no sense."""

    code = "schedule_invalid"


class ScheduleBusy(BankImportError):
    """An earlier run of the schedule is still under way."""

    code = "schedule_busy"
    http_status = 409
