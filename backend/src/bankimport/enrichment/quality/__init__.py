"""How good enrichment is, measured on labelled descriptions; `labelled.tsv` is the set that ships."""
