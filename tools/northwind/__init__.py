"""The tables of a trading company as orders in Odoo: Northwind's, or generated ones."""

from tools.northwind.folder import VARIABLE, find_folder
from tools.northwind.loader import Loaded, load
from tools.northwind.tables import Tables, read_tables
