"""Group facts by import, connection or month; every fact belongs to exactly one group; pure."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bankimport.costs.facts import CallsFact, ChargeFact, Facts, ImportFact
from bankimport.costs.model_facts import ModelFact


class GroupBy(StrEnum):
    """What a report is split by."""

    IMPORT = "import"
    CONNECTION = "connection"
    MONTH = "month"


@dataclass(slots=True)
class Group:
    """The facts of one import, connection or month. `key` None: outside any import, or of no particular connection."""

    key: Hashable
    calls: int = 0
    charges: int = 0
    imports: list[ImportFact] = field(default_factory=list)
    asked: list[ModelFact] = field(default_factory=list)


def grouped(facts: Facts, by: GroupBy) -> list[Group]:
    """The groups with at least one fact, newest import or month first."""
    groups: dict[Hashable, Group] = {}

    def group_of(fact: CallsFact | ChargeFact | ImportFact | ModelFact) -> Group:
        match by:
            case GroupBy.IMPORT:
                key: Hashable = fact.job_id
            case GroupBy.CONNECTION:
                key = fact.connection_id
            case GroupBy.MONTH:
                key = fact.month
        return groups.setdefault(key, Group(key))

    for calls in facts.calls:
        group_of(calls).calls += calls.calls
    for charge in facts.charges:
        group_of(charge).charges += 1
    for item in facts.imports:
        group_of(item).imports.append(item)
    for call in facts.asked:
        group_of(call).asked.append(call)
    named = sorted((group for group in groups.values() if group.key is not None), key=lambda group: str(group.key))
    if by is not GroupBy.MONTH:
        named.sort(key=lambda group: int(str(group.key)))
    return [*reversed(named), *(group for group in groups.values() if group.key is None)]


def shortened(groups: list[Group], most: int) -> tuple[list[Group], list[Group]]:
    """The newest groups, and the rest; facts without an import or connection are never in the rest."""
    named = [group for group in groups if group.key is not None]
    return [*named[:most], *(group for group in groups if group.key is None)], named[most:]


def merged(groups: Sequence[Group]) -> Group:
    """One group with the facts of all of them, without a key."""
    rest = Group(None)
    for group in groups:
        rest.calls += group.calls
        rest.charges += group.charges
        rest.imports += group.imports
        rest.asked += group.asked
    return rest
