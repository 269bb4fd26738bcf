#!/bin/sh
# Prints the base images by digest, as lines for .env, which compose.yaml reads: `make digests >> .env`.
# Whatever could not be looked up is named, nothing is printed for it, and the script ends with 1.
code=0
for pair in PYTHON_IMAGE=python:3.13-slim POSTGRES_IMAGE=postgres:17; do
    image=${pair#*=}
    if docker pull --quiet "$image" >/dev/null \
        && pinned=$(docker image inspect --format '{{index .RepoDigests 0}}' "$image") \
        && echo "$pinned" | grep -Eq '@sha256:[0-9a-f]{64}$'; then
        echo "${pair%%=*}=$pinned"
    else
        echo "NOT RESOLVED: the digest of $image could not be looked up; it stays a tag, which may change." >&2
        code=1
    fi
done
exit $code
