"""Runs a command of the program, and prints last how long it kept a processor busy."""

import sys
import time

from main import main

code = main(sys.argv[1:])
print(time.process_time())  # noqa: T201
sys.exit(code)
