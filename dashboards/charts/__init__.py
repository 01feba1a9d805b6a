"""Pictures of page values: Plotly figures for screens that run scripts, and plain SVG geometry for all."""
