"""Errors of requests about enrichment."""

from bankimport.errors import BankImportError, NotFound


class EnrichmentJobNotFound(NotFound):
    """No such enrichment job, or not this user's."""

    code = "enrichment_job_not_found"


class RuleNotFound(NotFound):
    """No such rule, or not this user's."""

    code = "rule_not_found"


class RuleExists(BankImportError):
    """Something else was learned about the merchant."""

    code = "rule_exists"
    http_status = 409


class CategoryNotFound(NotFound):
    """No such category, or not this user's."""

    code = "category_not_found"


class CategoryExists(BankImportError):
    """The user already has a category with this name."""

    code = "category_exists"
    http_status = 409


class EnrichmentNotPossibleNow(BankImportError):
    """The job's state does not allow it."""

    code = "not_possible_now"
    http_status = 409
