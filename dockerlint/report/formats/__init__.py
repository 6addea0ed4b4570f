"""Formats that other programs read: reviews, dashboards, test reports, editors and pages."""
