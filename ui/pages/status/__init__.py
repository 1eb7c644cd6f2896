"""汇总: figures by task, unit and indicator, and what lies under them."""
