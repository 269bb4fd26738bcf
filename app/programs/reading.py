"""From rows to programs as the API shows them."""

from app.programs.schemas import Program
from app.resources.building import builder_of

build_programs = builder_of(Program)
