"""Tools around the add-ons: set-up, tests, demonstration, measurements."""
