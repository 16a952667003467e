"""The processes of a single machine: embedded servers and our own, started in order and stopped by their ids."""
