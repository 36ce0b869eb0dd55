"""verify: hold what was published against the raw files, trusting nothing that the pipeline wrote."""
