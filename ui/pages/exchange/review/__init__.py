"""审核: a place to judge reports."""
