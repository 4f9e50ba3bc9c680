"""Evaluation: numbers with n and interval, from results that were measured; it is handed what to measure."""
