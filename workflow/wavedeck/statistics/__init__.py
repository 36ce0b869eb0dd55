"""The statistics, as functions of plain arrays: they know no survey, no file and no command.

`raking` makes weights. `variance`, `intervals` and `quantile` say how sure an estimate is, and
`crossing` does so for a whole banner at once. `significance` and `change` test differences,
`disclosure` finds what to hide, `agreement` compares two coders. Formulas: docs/maths.md.
"""
