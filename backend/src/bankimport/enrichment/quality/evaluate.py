"""Let the ladder, with or without a user's rules and the model, answer labelled descriptions, and score the answers."""

from collections.abc import Sequence
from decimal import Decimal
from importlib.resources import files

from bankimport.db.session import session_scope
from bankimport.enrichment.categories.categories import names_in_use
from bankimport.enrichment.categories.taxonomy import DEFAULT_CATEGORIES
from bankimport.enrichment.ladder.ladder import decide
from bankimport.enrichment.model import client, ledger
from bankimport.enrichment.model.cache import Key
from bankimport.enrichment.model.private_names import users_names
from bankimport.enrichment.model.prompt import (
    PROMPT_VERSION,
    Question,
    checked,
    in_batches,
    most_input_tokens,
    most_output_tokens,
    prompt_text,
)
from bankimport.enrichment.models import EnrichmentJob
from bankimport.enrichment.quality.score import Labelled, Score, score
from bankimport.enrichment.rows import CachedAnswer
from bankimport.enrichment.rules.rule_store import rule_book
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.enrichment.run.deciding import decide_rows
from bankimport.enrichment.run.run import questions_of
from bankimport.errors import BankImportError, InvalidRequest
from bankimport.pricing.tokens import Tokens
from bankimport.settings import get_settings


class EvaluationStopped(BankImportError):
    """The model could not answer all questions."""

    code = "evaluation_stopped"
    http_status = 409


def shipped_set() -> str:
    """The included labelled set."""
    return (files("bankimport.enrichment.quality") / "labelled.tsv").read_text(encoding="utf-8")


def stored_figures() -> str:
    """The scores of the labelled set that the ladder without a model must reach, as JSON."""
    return (files("bankimport.enrichment.quality") / "stored_figures.json").read_text(encoding="utf-8")


def evaluate_without_model(labelled: Sequence[Labelled]) -> Score:
    """Score the ladder of a new user: no rules, no cache, no model, the default categories."""
    names = frozenset(name for name, _, _ in DEFAULT_CATEGORIES)
    rules = RuleBook([])
    decisions = {item.row.id: decide(item.row, item.row.key, rules, None, names) for item in labelled}
    return score(labelled, decisions, cost=Decimal(0), currency=None, calls=0)


def evaluate_for(user_id: int, labelled: Sequence[Labelled], *, with_model: bool) -> Score:
    """Score a user's own ladder with their rules and cached answers; with the model, its real answers and cost.

    The model's answers are not cached here. Each call is a row of `llm_calls` and counts towards the month's cap.

    Raises:
        InvalidRequest: there is no model to call.
        EvaluationStopped: a cap or the model ended it.
    """
    rows = [item.row for item in labelled]
    with session_scope() as session:
        decisions = decide_rows(session, user_id, rows, only_of=None)
        questions = questions_of(rows, decisions, users_names(session, user_id))
        rules, names = rule_book(session, user_id), names_in_use(session, user_id)
    if not with_model:
        return score(labelled, decisions, cost=Decimal(0), currency=None, calls=0)
    said, costs, currency = _ask_all(user_id, questions, sorted(names))
    for row in rows:
        key = (row.key, row.direction)
        if key in said:
            decisions[row.id] = decide(row, row.key, rules, said[key], names)
    known = [cost for cost in costs if cost is not None]
    cost = sum(known, Decimal(0)) if len(known) == len(costs) else None
    return score(labelled, decisions, cost=cost, currency=currency, calls=len(costs))


def _ask_all(
    user_id: int, questions: Sequence[Question], categories: Sequence[str]
) -> tuple[dict[Key, CachedAnswer], list[Decimal | None], str | None]:
    settings = get_settings()
    model = client.chosen_model(settings)
    if model is None:
        raise InvalidRequest("no model is set; set BANKIMPORT_LLM_MODEL, or omit --model")
    answers: dict[Key, CachedAnswer] = {}
    costs: list[Decimal | None] = []
    currency = None
    for batch in in_batches(questions):
        text = prompt_text(batch, categories)
        most = Tokens(most_input_tokens(text), most_output_tokens(len(batch)))
        try:
            with session_scope() as session:
                call_id = ledger.reserve(session, EnrichmentJob(user_id=user_id), model, most, len(batch)).id
        except ledger.CapReached as error:
            raise EvaluationStopped(str(error)) from None
        reply = client.ask(settings, model, text, len(batch))
        with session_scope() as session:
            call = ledger.settle(session, call_id, reply.status, reply.used, reply.latency_ms, reply.error)
            costs.append(call.cost)
            currency = call.currency or currency
        if reply.error is not None:
            raise EvaluationStopped(f"the model {model} did not answer: {reply.error}")
        for place, label in checked(reply.labels, len(batch), categories).items():
            answer = CachedAnswer(label.merchant, label.category, label.confidence, model, PROMPT_VERSION)
            answers[batch[place].key, batch[place].direction] = answer
    return answers, costs, currency
