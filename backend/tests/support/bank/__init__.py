"""What a simulated or misbehaving bank is made to answer.

simulator        a caller of the simulator's API
held             a bank that answers nothing until a test releases it
v3               a simulated bank over Data API v3
answers          answers with rows of the test's choice
hostile_answers  answers with every kind of value in a row
hostile_bank     a socket that answers as the test specifies
logins           logins at a bank, and imports through them
bank_journey     an account at a misbehaving bank, over several days
"""
