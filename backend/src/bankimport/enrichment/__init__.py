"""Enrichment: the merchant and category of each row.

models         categories, rules, answers, jobs, origins and calls to a model
schemas        enrichment over HTTP
rules_schemas  categories and rules over HTTP
errors         errors of enrichment requests
origin         where a row's merchant and category came from
review         rows that enrichment is not sure of, and corrections
views          jobs, rules and spending as shown to the user
requests       requests as jobs and rules take them
live           new events of jobs, for those who follow one
rows           the words and rows that the pure stages share
router         enrichment over HTTP
rules_router   rules and categories over HTTP
tasks          the background tasks

The sub-packages:

statements  parse what a bank wrote in a description
ladder      the rungs that decide: rules, corrections, known merchants, cached answers, the bank's categories
rules       the user's own rules
categories  the user's own categories
model       a model as the last rung: prompt, privacy, cost, cache
run         enrichment jobs and their attempts
quality     how good enrichment is, on labelled descriptions
"""
