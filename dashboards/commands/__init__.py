"""The command line, one module per subject; `dashboards.cli` puts them together."""
