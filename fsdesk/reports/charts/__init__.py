"""Charts: bars, grids, the trend, and their pictures; matplotlib is loaded here, and lightly.

While matplotlib is loaded it puts together, for each of its hundred kinds of artists, what may be
said of it in the documentation: a third of the loading and a megabyte, and nobody reads it. It also
brings axes in three dimensions along. Both are left out; where another version does it otherwise,
all works as before, only slower.
"""

from __future__ import annotations

import sys
import warnings
from importlib import import_module

from matplotlib.artist import Artist

_DOCUMENTS, _IN_DEPTH = "_update_set_signature_and_docstring", "mpl_toolkits.mplot3d"


def _load_lightly() -> None:
    if hasattr(Artist, _DOCUMENTS):
        setattr(Artist, _DOCUMENTS, classmethod(lambda _artist: None))
    if _IN_DEPTH in sys.modules:
        return
    sys.modules[_IN_DEPTH] = None  # type: ignore[assignment] - so Python says that there is none
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import_module("matplotlib.projections")
    finally:
        del sys.modules[_IN_DEPTH]


_load_lightly()
