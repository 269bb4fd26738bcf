"""The lines for server-side include in nginx: what they send us is our own address, what we answer stays text."""

from urllib.parse import urlsplit

SOCKET = "/run/stodkatalogen.sock"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
"""Where Debian and Ubuntu keep the certificates of the authorities."""

# A server of its own, because nginx limits the time between two bytes but not that of a whole answer. This server reads
# an answer into memory and gives it on at once, or nothing; so the time-out of its caller holds for all of it. An
# answer larger than the buffer breaks off a request to this server, not the page of a visitor.
FETCH = """\
# nginx, in the http block: fetches from the directory, and gives an answer on when it is whole and not too large.
geo $stodkatalogen {{ default $; }}
server {{
  listen unix:{socket};
  access_log off;
  default_type text/html;
  location / {{
    ssi on;
    ssi_silent_errors on;
    return 200 '<!--# include virtual="/fetch$request_uri" set="whole" --><!--# if \
expr="${{stodkatalogen}}whole = /div.\\z/" --><!--# echo var="whole" encoding="none" --><!--# endif -->';
  }}
  location /fetch/ {{
    internal;
    ssi off;
    subrequest_output_buffer_size 64k;
    proxy_pass {base}/;
    proxy_set_header Host {host};
{tls}\
    proxy_ignore_headers X-Accel-Redirect X-Accel-Buffering X-Accel-Limit-Rate X-Accel-Expires X-Accel-Charset;
    proxy_connect_timeout 2s;
    proxy_read_timeout 2s;
  }}
}}"""

TLS = """\
    proxy_ssl_server_name on;
    proxy_ssl_name {name};
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 3;
    proxy_ssl_trusted_certificate {certificates};  # Red Hat: /etc/pki/tls/certs/ca-bundle.crt
"""

INCLUDE = """\
# nginx, in the server block of your site: nothing of your visitors is sent, and the answer is never run as a command.
location /stodkatalogen/ {{
  internal;
  ssi off;
  proxy_pass http://unix:{socket}:/embed/;
  proxy_pass_request_headers off;
  proxy_pass_request_body off;
  proxy_read_timeout 3s;
}}
# nginx, in the location of your pages; not where a page shows what visitors wrote, which would be run as well.
ssi on;"""

PAGE = """\
<!-- HTML -->
<!--# block name="numbers" -->
{fallback}
<!--# endblock -->
<!--# include virtual="/stodkatalogen/{embed}?{query}" stub="numbers" -->"""


def include_lines(embed: str, query: str, fallback: str, base: str) -> str:
    """The configuration of nginx, and the lines of the page.

    `base` is our own address, `query` chooses what is shown, `fallback` holds the numbers as HTML.
    """
    parts = urlsplit(base)
    tls = TLS.format(name=parts.hostname, certificates=CERTIFICATES) if parts.scheme == "https" else ""
    sections = (
        FETCH.format(socket=SOCKET, base=base, host=parts.netloc, tls=tls),
        INCLUDE.format(socket=SOCKET),
        PAGE.format(fallback=fallback, embed=embed, query=query),
    )
    return "\n\n".join(sections)
