"""Commands run in the test process.

command_line  as a shell would with given variables
terminal      as on a terminal with a given width
maintenance   in another installation's environment
"""
