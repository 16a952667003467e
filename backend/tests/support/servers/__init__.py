"""Servers that tests start.

embedded       PostgreSQL and Valkey of one test process
engines        other servers than the embedded ones
queue_servers  the servers of a cluster's queue, which can be killed and started again
model_server   a model server that misbehaves on demand
receiver       a receiver of webhooks that misbehaves as configured
"""
