"""A user's rules, and what was learned from corrections.

rules          match rules with a row; pure
rule_store     store rules, in their order
rows_for_rule  find the stored rows that a rule matches
"""
