"""LibreOffice, which writes files again in another form, as offices do."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"
# A machine without any Chinese font draws all characters alike: here it has the sans. The
# other bundled fonts are the program's alone: no other program on a clerk's PC finds them.
FONT_SETTINGS = f"""<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{FONTS}</dir>
<selectfont><rejectfont>
<glob>{FONTS}/NotoSerif*</glob><glob>{FONTS}/Zhuque*</glob>
</rejectfont></selectfont>
</fontconfig>
"""


def write_again(form: str, out: Path, *files: Path, timeout: float = 110) -> None:
    """Write files in another form, such as ``pdf``, into a folder; their names stay."""
    with TemporaryDirectory() as scratch:
        settings = Path(scratch, "fonts.conf")
        settings.write_text(FONT_SETTINGS, encoding="utf-8")
        profile = f"-env:UserInstallation={Path(scratch, 'profile').as_uri()}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", form, "--outdir", out, *files],
            check=True,
            capture_output=True,
            timeout=timeout,
            env={**os.environ, "FONTCONFIG_FILE": str(settings)},
        )
