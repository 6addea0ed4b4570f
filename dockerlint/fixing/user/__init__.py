"""The plan that takes root from a stage."""
