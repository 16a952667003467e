"""Commands about enrichment.

enrichment  `enrichment`
rules       `rules`
categories  `categories`
scores      print scores
"""
