"""交换 and 审核: packets out and in, conflicts, the review."""
