"""Tests of the evaluation: measures, data sets, what is printed."""
