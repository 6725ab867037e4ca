"""Set up what runs the add-ons: Python packages, Odoo, PostgreSQL, a browser.

Standard library only: it runs before anything is installed.
"""
