"""What Buurtkas does in a second: each module measures one floor and prints a Markdown table."""
