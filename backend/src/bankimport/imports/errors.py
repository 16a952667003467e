"""What can go wrong with an import, as the caller is told."""

from bankimport.errors import BankImportError, InvalidRequest, NotFound


class ImportNotFound(NotFound):
    """No such import, or not this user's."""

    code = "import_not_found"


class DateInFuture(InvalidRequest):
    """A bank has no transactions of days to come."""

    code = "date_in_future"


class DateTooEarly(InvalidRequest):
    """No bank serves days this old."""

    code = "date_too_early"


class NothingToImport(InvalidRequest):
    """The selection holds no account or card."""

    code = "nothing_to_import"


class LaterImports(BankImportError):
    """Other imports of the same accounts stand in the way; `job_ids` names them in the order to deal with them."""

    code = "later_imports"
    http_status = 409


class NotPossibleNow(BankImportError):
    """The job or account stands so that this cannot be done to it."""

    code = "not_possible_now"
    http_status = 409


class AttemptLost(BankImportError):
    """Another attempt has taken over: this one may write no more. Never shown to a user."""

    code = "attempt_lost"
    http_status = 409


class AttemptPaused(BankImportError):
    """The attempt puts its work down: the user wants a pause, or others go first. Never shown to a user."""

    code = "paused"
    http_status = 409


class PlanUnreadable(BankImportError):
    """A stored plan does not have the form of any version that this program knows."""

    code = "plan_unreadable"
