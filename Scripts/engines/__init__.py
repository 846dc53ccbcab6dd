"""The trials of test-engines.py, each a function whose name says what is expected."""
