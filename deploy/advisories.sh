#!/bin/sh
# Looks the locked packages up in the database of known advisories: `make advisories`.
# Ends with 0 where none is known, 1 where some are, 2 where they could not be looked up; never 0 without having looked.
# PIP_AUDIT is the program.
said=$("${PIP_AUDIT:-pip-audit}" --disable-pip --require-hashes --progress-spinner off \
    --requirement requirements.lock --requirement requirements-dev.lock 2>&1)
code=$?
echo "$said"
# pip-audit ends with 0 also where it could look up no package at all.
unknown=$(echo "$said" | grep -c 'could not be audited')
if echo "$said" | grep -Eq '^Found [0-9]+ known vulnerabilit'; then
    exit 1
fi
if [ "$unknown" -gt 0 ]; then
    echo "NOT CHECKED: $unknown packages could not be looked up among the advisories; they are named above." >&2
    exit 2
fi
if [ $code -eq 0 ] && echo "$said" | grep -q '^No known vulnerabilities found'; then
    exit 0
fi
echo "NOT CHECKED: the database of advisories could not be reached, or pip-audit did not run; its words are above." >&2
exit 2
