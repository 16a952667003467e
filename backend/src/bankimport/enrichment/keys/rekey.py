"""Make merchant keys anew after the way they are made has changed: of rows, of corrections, of remembered answers.

A migration calls it, so it names tables and columns as they are at that point and knows no models.
"""

from collections import defaultdict

from sqlalchemy import Connection, text

from bankimport.enrichment.keys.merchant_key import merchant_key

_PAGE = 1000
_ROWS = text("""
    SELECT e.transaction_id, e.user_id, e.merchant_key, e.direction, t.description,
           CASE WHEN t.merchant_source = 'bank' THEN t.merchant
                WHEN t.merchant_source IS NOT NULL THEN (
                    SELECT coalesce(c.before ->> 'merchant', t.merchant) FROM transaction_changes c
                    WHERE c.transaction_id = t.id AND c.before ->> 'merchant_source' = 'bank'
                    ORDER BY c.id DESC LIMIT 1)
           END AS merchant
    FROM transaction_enrichments e JOIN transactions t ON t.id = e.transaction_id
    WHERE e.transaction_id > :after ORDER BY e.transaction_id LIMIT :page
""")
_SET_KEYS = text("""
    UPDATE transaction_enrichments e SET merchant_key = n.key
    FROM unnest(CAST(:ids AS bigint[]), CAST(:keys AS text[])) AS n (id, key) WHERE e.transaction_id = n.id
""")
_COPY_CORRECTIONS = text("""
    INSERT INTO category_rules (user_id, origin, match, pattern, direction, merchant, category, position, is_enabled,
                                removed_at)
    SELECT user_id, origin, match, :new, direction, merchant, category, position, is_enabled, removed_at
    FROM category_rules r
    WHERE user_id = :user AND origin = 'correction' AND pattern = :old
      AND (direction IS NULL OR direction = :direction)
      AND NOT EXISTS (SELECT FROM category_rules o WHERE o.user_id = r.user_id AND o.origin = 'correction'
                      AND o.pattern = :new AND o.direction IS NOT DISTINCT FROM r.direction)
""")
_FORGET_ANSWER = text(
    "DELETE FROM enrichment_cache WHERE user_id = :user AND merchant_key = :old AND direction = :direction"
)


def rekey(connection: Connection) -> int:
    """Give every enriched row the key that it has today; returns how many keys of merchants are others now.

    What was learned of a merchant is learned of its new keys too. A remembered answer under a key that rows had and
    have no more is forgotten, so that it cannot be taken for another merchant's; the next enrichment asks again.
    """
    moved: defaultdict[tuple[int, str, str], set[str]] = defaultdict(set)
    after = 0
    while rows := connection.execute(_ROWS, {"after": after, "page": _PAGE}).all():
        after = rows[-1].transaction_id
        changed: dict[int, str] = {}
        for row in rows:
            key = merchant_key(row.merchant or row.description)
            if key != row.merchant_key:
                moved[row.user_id, row.merchant_key, row.direction].add(key)
                changed[row.transaction_id] = key
        if changed:
            connection.execute(_SET_KEYS, {"ids": list(changed), "keys": list(changed.values())})
    for (user_id, old, direction), keys in moved.items():
        of_key = {"user": user_id, "old": old, "direction": direction}
        for new in sorted(keys):
            connection.execute(_COPY_CORRECTIONS, of_key | {"new": new})
        connection.execute(_FORGET_ANSWER, of_key)
    return len(moved)
