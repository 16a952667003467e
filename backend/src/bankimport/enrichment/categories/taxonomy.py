"""The default categories, and how TrueLayer's categories map to them; pure.

TrueLayer's taxonomy occurs in several spellings, so it is compared without case, spaces and punctuation.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType

UNKNOWN = "unknown"
"""An allowed answer: the category cannot be determined. It is never stored as a row's category."""

TRANSFERS = "Transfers"

DEFAULT_CATEGORIES: tuple[tuple[str, str | None, str], ...] = (
    ("Income", None, "#2f9e44"),
    ("Salary", "Income", "#2f9e44"),
    ("Benefits", "Income", "#37b24d"),
    ("Interest", "Income", "#40c057"),
    ("Refunds", "Income", "#51cf66"),
    ("Home", None, "#1971c2"),
    ("Rent and mortgage", "Home", "#1971c2"),
    ("Home improvement", "Home", "#1c7ed6"),
    ("Bills", None, "#0c8599"),
    ("Energy and water", "Bills", "#0c8599"),
    ("Phone and internet", "Bills", "#1098ad"),
    ("Insurance", "Bills", "#15aabf"),
    ("Taxes", "Bills", "#22b8cf"),
    ("Food", None, "#e8590c"),
    ("Groceries", "Food", "#e8590c"),
    ("Eating out", "Food", "#f76707"),
    ("Coffee", "Food", "#fd7e14"),
    ("Takeaway", "Food", "#ff922b"),
    ("Transport", None, "#5f3dc4"),
    ("Fuel", "Transport", "#5f3dc4"),
    ("Public transport", "Transport", "#6741d9"),
    ("Taxi", "Transport", "#7048e8"),
    ("Car", "Transport", "#7950f2"),
    ("Shopping", None, "#c2255c"),
    ("Clothing", "Shopping", "#c2255c"),
    ("Electronics", "Shopping", "#d6336c"),
    ("Health", None, "#099268"),
    ("Pharmacy", "Health", "#099268"),
    ("Fitness", "Health", "#0ca678"),
    ("Personal care", None, "#ae3ec9"),
    ("Entertainment", None, "#9c36b5"),
    ("Subscriptions", "Entertainment", "#9c36b5"),
    ("Gambling", "Entertainment", "#be4bdb"),
    ("Travel", None, "#1864ab"),
    ("Education", None, "#364fc7"),
    ("Children and pets", None, "#d9480f"),
    ("Gifts and donations", None, "#a61e4d"),
    ("Business services", None, "#495057"),
    ("Fees and charges", None, "#868e96"),
    ("Cash", None, "#5c940d"),
    ("Savings and investments", None, "#2b8a3e"),
    (TRANSFERS, None, "#adb5bd"),
)
"""Name, parent's name, colour; parents before their children."""


def _plain(word: str) -> str:
    return re.sub(r"[^a-z]", "", word.casefold().replace("&", "and"))


_BY_PRIMARY = {
    "Uncategorized": None,
    "Entertainment": "Entertainment",
    "Education": "Education",
    "Shopping": "Shopping",
    "Personal Care": "Personal care",
    "Health & Fitness": "Health",
    "Food & Dining": "Eating out",
    "Gifts & Donations": "Gifts and donations",
    "Investments": "Savings and investments",
    "Bills and Utilities": "Bills",
    "Auto & Transport": "Transport",
    "Travel": "Travel",
    "Fees & Charges": "Fees and charges",
    "Business Services": "Business services",
    "Personal Services": "Business services",
    "Taxes": "Taxes",
    "Gambling": "Gambling",
    "Home": "Home",
    "Pension and insurances": "Insurance",
}
_BY_BOTH = {
    ("Uncategorized", "Cash & ATM"): "Cash",
    ("Shopping", "Groceries"): "Groceries",
    ("Shopping", "Clothing"): "Clothing",
    ("Shopping", "Electronics & Software"): "Electronics",
    ("Shopping", "Home"): "Home improvement",
    ("Shopping", "Pets"): "Children and pets",
    ("Health & Fitness", "Pharmacy"): "Pharmacy",
    ("Health & Fitness", "Gym"): "Fitness",
    ("Health & Fitness", "Sports"): "Fitness",
    ("Health & Fitness", "Pets"): "Children and pets",
    ("Food & Dining", "Coffee shops"): "Coffee",
    ("Food & Dining", "Delivery"): "Takeaway",
    ("Food & Dining", "Fast Food"): "Takeaway",
    ("Bills and Utilities", "Television"): "Subscriptions",
    ("Bills and Utilities", "Home Phone"): "Phone and internet",
    ("Bills and Utilities", "Internet"): "Phone and internet",
    ("Bills and Utilities", "Mobile Phone"): "Phone and internet",
    ("Bills and Utilities", "Utilities"): "Energy and water",
    ("Auto & Transport", "Auto Insurance"): "Insurance",
    ("Auto & Transport", "Auto Payment"): "Car",
    ("Auto & Transport", "Parking"): "Car",
    ("Auto & Transport", "Service & Auto Parts"): "Car",
    ("Auto & Transport", "Public transport"): "Public transport",
    ("Auto & Transport", "Taxi"): "Taxi",
    ("Auto & Transport", "Gas & Fuel"): "Fuel",
    ("Home", "Rent"): "Rent and mortgage",
    ("Home", "Mortgage"): "Rent and mortgage",
    ("Home", "Secured loans"): "Rent and mortgage",
    ("Pension and insurances", "Pension payments"): "Savings and investments",
}
_PRIMARY = MappingProxyType({_plain(word): category for word, category in _BY_PRIMARY.items()})
_BOTH = MappingProxyType({(_plain(a), _plain(b)): category for (a, b), category in _BY_BOTH.items()})
_BY_TYPE = MappingProxyType(
    {
        "ATM": "Cash",
        "CASH": "Cash",
        "FEE_CHARGE": "Fees and charges",
        "DIVIDEND": "Savings and investments",
    }
)


def category_from_truelayer(
    classification: Sequence[str], transaction_category: str | None, amount: Decimal
) -> tuple[str, float] | None:
    """Our category for TrueLayer's categories and its confidence, 0 to 1; None if they say nothing.

    Incoming money with a purchase's classification is a refund.
    """
    if classification:
        words = [_plain(word) for word in classification]
        found = _BOTH.get((words[0], words[1])) if len(words) > 1 else None
        confidence = 0.9 if found else 0.7
        found = found or _PRIMARY.get(words[0])
        if found is not None:
            return ("Refunds", 0.6) if amount > 0 else (found, confidence)
    if transaction_category == "INTEREST":
        return ("Interest", 0.9) if amount > 0 else ("Fees and charges", 0.8)
    by_type = _BY_TYPE.get(transaction_category or "")
    return (by_type, 0.9) if by_type else None
