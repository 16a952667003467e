"""Steps, factories and levers that tests share.

suite       how tests run: their day, their network, their order, their sizes
servers     servers that tests start
bank        what a simulated or misbehaving bank is made to answer
steps       an installation, what its users do in it, and the rows they have
sign_in     what users sign in with
commands    commands run in the test process
monitoring  metrics and alerts of a whole installation
"""
