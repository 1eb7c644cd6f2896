"""The core of fsdesk: everything but the window, and never an import of Qt."""

__version__ = "0.1.0"
