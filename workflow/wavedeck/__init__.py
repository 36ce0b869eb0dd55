"""wavedeck: survey waves in, auditable slide decks out.

A stage is one module and one verb: ingest, clean, weight, estimate, draw, compose, render.
"""
