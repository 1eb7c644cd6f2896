"""Times the charts beside bare calls of the library that draws them; prints seconds as JSON."""

from __future__ import annotations

import json

from fsdesk.bench.charts import measure_charts

print(json.dumps(measure_charts()))  # noqa: T201 - the answer
