"""Tell users what happened: in the page, by Apprise addresses and by signed webhooks.

The stages, in order:

- `notify.py`: keep the notification and what is to be delivered, in the transaction of its cause;
- `deliver.py`: take what is due under a lease, send it, write down how it went;
- `webhooks.py`, `apprise_message.py`: one way out each;
- `targets.py`: which addresses may be sent to;
- `quiet.py`, `backoff.py`: when to wait until; pure;
- `retention.py`: let go what is old;
- `channels.py`, `log.py`: what users set and see.

PostgreSQL is the truth: a delivery is a row until it succeeded or was given up, so each is made at least once.
"""
