"""The reconstruction of the 2017 wave: synthetic answers that meet the published figures."""
