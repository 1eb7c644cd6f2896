"""The PC around the window: environment, input methods, memory, crashes, one window only."""
