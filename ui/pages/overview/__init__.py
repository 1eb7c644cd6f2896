"""总览: on time or not, what lags, what came in."""
