"""From rows to hotlines as the API shows them."""

from app.hotlines.schemas import Hotline
from app.resources.building import builder_of

build_hotlines = builder_of(Hotline)
