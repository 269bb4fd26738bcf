"""From rows to support services as the API shows them."""

from app.resources.building import builder_of
from app.support_services.schemas import SupportService

build_support_services = builder_of(SupportService)
