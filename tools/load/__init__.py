"""Odoo with several processes, dozens of people at work, and faults in between."""
