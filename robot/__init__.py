"""The offboarding robot: carries out a customer's cancellation in a browser dashboard, with evidence."""

__version__ = "0.1.0"
