"""Commands for operators of an installation.

up               `up`
processes        the single processes that `up` starts
demo             `demo`
setup            `setup`
doctor           `doctor` and `settings`
truelayer_steps  the steps from an empty account at TrueLayer to the first import
health           `health`
users            `user`
audit            `audit`
backup           `backup` and `restore`
secrets          `secrets`
upgrade          `upgrade`
place            the database that these three work on
preflight        wrong settings that would otherwise show only in use
"""
