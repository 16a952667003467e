"""Commands about the record.

transactions   `transactions`
transfers      `transfers`
export         `export`
proof          `proof`
provenance     `provenance`
review         `review`
continuations  `continuations`
verify         `verify`, `reparse` and `evidence`
"""
