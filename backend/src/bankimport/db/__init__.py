"""The database.

base        declarative base and common columns
session     one transaction per scope, and actions after its commit
request     the session of an HTTP request
acting      for whom a thread or request works
row_security  the policies by which PostgreSQL shows a transaction only its user's rows
stored      typed JSON columns
tables      imports every models module
roles       owner, application and metrics, and what each may do
migrate     bring the tables to this version
revisions   whether the tables are at this version, without loading Alembic
migrations  Alembic's revisions
"""
