"""Official plan documents (工作要点, 任务分解表) as governments issue them, read into a plan."""
