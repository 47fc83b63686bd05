"""What marks say about the test and about those who marked. Pure; numpy in, named figures out.

``agreement``      how far assessors agree: intraclass correlations, Kendall's W, within one point, severity
``test_theory``    how questions and an exam as a whole behave: facility, discrimination, distractors, reliability
``standard``       Angoff panels: judges' estimates, rounds, the cut they lead to
``distributions``  the F distribution's quantiles, for intervals

Descriptive figures are floating-point numbers: they inform people and never enter a score, a pass mark or a rank.
A figure that the data do not allow is refused with a :class:`Refusal`, never shown as zero or as an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a figure cannot be given: a code that the page puts into a sentence, and the numbers in it."""

    code: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
