"""What a command stands on: Python with SQLAlchemy and one question to an empty database."""

import time

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

with Session(create_engine("sqlite://")) as session:
    session.execute(text("SELECT 1"))
print(time.process_time())  # noqa: T201
