"""`python -m bankimport.cli`: our processes start each other with it."""

from bankimport.cli import main

main()
