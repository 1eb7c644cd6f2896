"""Makes and tries out what people install: the .deb for Linux, the installer for Windows."""
