"""Asking discharged patients: who is asked what when, what they answered, what has to be done."""
