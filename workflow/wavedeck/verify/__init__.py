"""verify: hold what was published against the raw files, trusting nothing on the way."""
