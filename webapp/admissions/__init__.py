"""From an application to a seat: entry check, selection in three parts, seats and reserve, the register of the qualified."""
