"""A user's rules, and what was learned from corrections.

rules          match rules with a row; pure
rule_store     store rules, in their order
rows_for_rule  find the stored rows that a rule fits
application    preview a rule on stored rows, and apply it
router         rules and categories over HTTP
"""
