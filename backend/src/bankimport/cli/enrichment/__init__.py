"""Commands about enrichment.

enrichment  `enrichment`
rules       `rules`
categories  `categories`
tables      print jobs, calls, doubts, previews and origins
scores      print scores
"""
