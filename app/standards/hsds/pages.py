"""The envelope around each sort of record, for the documentation; answers are written by `answering`."""

from app.standards.hsds import shapes
from app.standards.hsds.answering import Envelope


class ServicePage(Envelope):
    """A page of services; with `full=true` each as `/services/{id}` answers it."""

    contents: list[shapes.Service]


class ServiceAtLocationPage(Envelope):
    """A page of services at locations; with `full=true` each as `/service_at_locations/{id}` answers it."""

    contents: list[shapes.ServiceAtLocation]


class OrganizationPage(Envelope):
    """A page of organizations; with `full=true` each as `/organizations/{id}` answers it."""

    contents: list[shapes.Organization]


class TaxonomyPage(Envelope):
    """A page of taxonomies."""

    contents: list[shapes.Taxonomy]


class TaxonomyTermPage(Envelope):
    """A page of taxonomy terms."""

    contents: list[shapes.TaxonomyTerm]


class PublicationPage(Envelope):
    """A page of publications; with `full=true` each as `/publications/{id}` answers it."""

    contents: list[shapes.Publication]
