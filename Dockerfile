# Two stages: the first makes a virtual environment out of locked wheels, the last carries that and nothing to build with.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /source

COPY requirements.lock requirements-runtime.lock ./
RUN python -m venv /opt/telefonie \
 && /opt/telefonie/bin/pip install --require-hashes --only-binary :all: -r requirements-runtime.lock
# What builds the wheel is locked too, and stays in this stage.
RUN python -m venv /opt/builder \
 && /opt/builder/bin/pip install --require-hashes --only-binary :all: -r requirements.lock

COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
COPY migrations migrations
RUN /opt/builder/bin/python -m build --wheel --no-isolation --outdir /wheel . \
 && /opt/telefonie/bin/pip install --no-deps --no-index /wheel/*.whl \
 && /opt/telefonie/bin/pip uninstall --yes pip setuptools


FROM python:3.11-slim
LABEL org.opencontainers.image.title="telefonie" \
      org.opencontainers.image.licenses="Apache-2.0"
# A fixed number, so that a mounted folder can be given to it.
RUN groupadd --gid 10001 telefonie \
 && useradd --uid 10001 --gid telefonie --no-create-home --home-dir /data --shell /usr/sbin/nologin telefonie \
 && install --directory --owner telefonie --group telefonie --mode 0750 /data
COPY --from=build /opt/telefonie /opt/telefonie
# A folder in a variable, not in the command: TELEFONIE_DATABASE_URL then goes before it.
ENV PATH=/opt/telefonie/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TELEFONIE_DATA=/data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
# Outside of loopback the server wants TELEFONIE_API_KEY and TELEFONIE_ADMIN_KEY, and says so when they are missing.
ENTRYPOINT ["telefonie"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
