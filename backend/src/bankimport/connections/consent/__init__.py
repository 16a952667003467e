"""A user's consent to a bank: given, renewed, extended, ended.

authorise  begin and finish a consent; renew, extend and remove it
describe   ask TrueLayer about a consent: its bank, its dates, whether it works
clock      how long a consent lasts, and warnings before its end
feed       a calendar of consents
"""
