"""Steps, factories and levers that tests share."""
