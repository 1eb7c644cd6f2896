"""Pictures: charts, paper, months, bars."""
