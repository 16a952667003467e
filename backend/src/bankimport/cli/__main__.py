"""`python -m bankimport.cli`, which is how our processes start each other."""

from bankimport.cli import main

main()
