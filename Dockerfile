# The shop alone, without sandbox and tests. How to run it: docs/going-live.md.
# Runs as an unprivileged user; the root may be read-only, only /tmp must be writable.

FROM python:3.13.7-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.13.7-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /shop
COPY --from=packages /venv /venv
COPY app.py gunicorn.conf.py ./
COPY static static
COPY storefront storefront
COPY templates templates
USER 10001:10001
EXPOSE 5000
# Uses the host name of PUBLIC_URL: the shop answers to no other.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os; from urllib.parse import urlsplit; from urllib.request import Request, urlopen; \
name = urlsplit(os.environ.get('PUBLIC_URL', '')).netloc or 'localhost'; \
urlopen(Request('http://127.0.0.1:5000/healthz', headers={'Host': name}), timeout=4)"]
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "app:app"]
