"""Commands about the record.

transactions  `transactions`
transfers     `transfers`
export        `export`
proof         `proof`
provenance    `provenance`
review        `review`
verify        `verify`, `reparse` and `evidence`
"""
