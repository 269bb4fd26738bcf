"""Certificates for the tests: an authority of their own, and what it signs."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests import needs


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, as files; `authority` is the certificate to trust."""

    certificate: Path
    key: Path
    authority: Path

    def context(self) -> ssl.SSLContext:
        """What a server needs to speak TLS with it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path, name: str) -> Certificate:
    """A certificate for the host `name`, by an authority that is made for it alone."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    certificate, key, request = folder / "server.pem", folder / "server.key", folder / "server.csr"
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    _openssl("req", "-x509", *new, "-keyout", authority_key, "-out", authority, "-days", "2", "-subj", "/CN=Tests")
    _openssl("req", *new, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
    names = folder / "names"
    names.write_text(f"subjectAltName=DNS:{name}\n")
    _openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-CAcreateserial",
             "-days", "2", "-extfile", names, "-out", certificate)  # fmt: skip
    return Certificate(certificate, key, authority)


def _openssl(*arguments: str | Path) -> None:
    program = needs.openssl()
    assert program is not None, "python -m tests.needs"
    subprocess.run([program, *arguments], check=True, capture_output=True)
