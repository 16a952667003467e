"""Errors of imports, as reported to the caller."""

from bankimport.errors import BankImportError, InvalidRequest, NotFound


class ImportNotFound(NotFound):
    """No such import, or not this user's."""

    code = "import_not_found"


class DateInFuture(InvalidRequest):
    """A bank has no transactions of future days."""

    code = "date_in_future"


class DateTooEarly(InvalidRequest):
    """No bank returns days this old."""

    code = "date_too_early"


class NothingToImport(InvalidRequest):
    """The selection contains no account or card."""

    code = "nothing_to_import"


class LaterImports(BankImportError):
    """Other imports of the same accounts prevent this; `job_ids` lists them in the order to deal with them."""

    code = "later_imports"
    http_status = 409


class NotPossibleNow(BankImportError):
    """The state of the job or account does not allow this."""

    code = "not_possible_now"
    http_status = 409


class AttemptLost(BankImportError):
    """Another attempt has taken over: this one must not write any more. Never shown to a user."""

    code = "attempt_lost"
    http_status = 409


class AttemptPaused(BankImportError):
    """The attempt is suspended: the user wants a pause, or other work goes first. Never shown to a user."""

    code = "paused"
    http_status = 409


class PlanUnreadable(BankImportError):
    """A stored plan does not have the form of any version that this program knows."""

    code = "plan_unreadable"
