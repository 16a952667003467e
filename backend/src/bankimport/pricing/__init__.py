"""What things cost.

prices   what TrueLayer charges
tokens   what a model's tokens cost
cost     the cost of an import, part by part; pure
schemas  costs and plans over HTTP
"""
