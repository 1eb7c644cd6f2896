"""编辑计划: the office changes tasks, targets, units and words; each panel asks for one edit."""
