"""TrueLayer's Data API v3: request transactions, wait, and read page by page.

No captured live traffic is known; docs/decisions/0052 says what is therefore not assumed.

client  one method per operation that an import needs
pages   the pages of one answer joined byte for byte, and their rows in v1's terms
errors  what v3's error answers stand for
"""
