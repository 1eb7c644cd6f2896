"""Supervision (督办): letters, their steps, and interviews."""
