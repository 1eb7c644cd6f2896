"""读取文件: an official document is read, checked beside its text, compared, and then taken."""
