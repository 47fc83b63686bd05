"""What the claims about speed rest on. ``make bench`` runs all; ``python -m benchmarks NAME…`` runs some.

A goal (``performance.md``) is a ratio to a floor that runs right beside it in the same minute, because the machine's
own noise is 1.3 to 1.7 times. Each module here measures one goal: ``measure()`` returns its :class:`Result` lines.
"""
