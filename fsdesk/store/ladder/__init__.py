"""What came with figures that climb from level to level."""
