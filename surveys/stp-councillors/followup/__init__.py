"""The follow-up wave of 2018: synthetic from end to end."""
