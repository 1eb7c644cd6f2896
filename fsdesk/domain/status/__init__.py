"""How far the year is: judged figures, lights, trend, and what lies under a figure."""
