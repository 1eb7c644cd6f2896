"""数据质量: what is doubtful, and by which rules."""
