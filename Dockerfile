# make image, or docker build --tag stodkatalog .
# docker run --publish 8000:8000 --volume stodkatalog:/data stodkatalog
# The network is used while building only. It runs as any user of group 0, on a root that is read-only: only /data, and
# /tmp where STODKATALOG_METRICS is set, are written to.

# A tag may come to mean another image. `make digests` looks up the digest, to be given as --build-arg PYTHON_IMAGE=….
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS builder
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
WORKDIR /srv/stodkatalog
# requirements-opentelemetry.lock: for STODKATALOG_OPENTELEMETRY.
ARG LOCK=requirements.lock
COPY requirements*.lock ./
RUN /opt/venv/bin/pip install --require-hashes --no-deps --only-binary :all: --requirement "$LOCK"
# Only what .dockerignore lets through. Editable: the program runs from its tree, where seed/ and migrations/ lie beside app/.
COPY . ./
ARG COMMIT=
RUN /opt/venv/bin/pip install --no-build-isolation --no-deps --no-index --editable . \
    && /opt/venv/bin/pip uninstall --yes pip \
    && printf '%s' "$COMMIT" > COMMIT \
    && python -m compileall -q app migrations stodkatalog \
    && chmod -R u=rwX,go=rX .

FROM ${PYTHON_IMAGE}
RUN groupadd --gid 10001 stodkatalog \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin stodkatalog \
    && install --directory --owner stodkatalog --group 0 --mode 2775 /data \
    && python -m compileall -q "$(python -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
WORKDIR /srv/stodkatalog
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /srv/stodkatalog ./
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STODKATALOG_DATABASE_URL=sqlite:////data/stodkatalog.sqlite3
USER 10001:0
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ARG VERSION= COMMIT=
LABEL org.opencontainers.image.title="Stödkatalogen" \
    org.opencontainers.image.licenses="MIT AND CC0-1.0" \
    org.opencontainers.image.version=$VERSION \
    org.opencontainers.image.revision=$COMMIT
CMD ["stodkatalog", "serve", "--host", "0.0.0.0", "--port", "8000", "--workers", "auto"]
