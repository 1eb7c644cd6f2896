"""Letters: proposals, drafts, issue, replies, closing, files."""
