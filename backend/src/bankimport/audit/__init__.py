"""Check the stored record against the bank's answers.

verify          compare stored rows with the stored answers
reparse         parse the stored answers again with today's rules
provenance      where a row came from
evidence        the evidence pack of an import
evidence_check  check an evidence pack
signature       sign packs, and check a signature
schemas         provenance over HTTP
router          evidence packs and provenance over HTTP
"""
