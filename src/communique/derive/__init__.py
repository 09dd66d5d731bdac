"""What follows from what the sources say: days and windows, rules, verdicts, and reasoning."""
