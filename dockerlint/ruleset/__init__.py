"""The rule language: rules as data, checked, compiled and chosen."""
