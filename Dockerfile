# The one image of the service: Python, the locked libraries and the product. What a container does is said in
# docker-compose.yml. Nothing secret is in it: pip's settings and certificates, where an installation needs its own,
# are there while it runs and in no layer.
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS libraries
WORKDIR /wonderland
COPY pyproject.toml constraints.txt ./
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    python3 -m venv /opt/wonderland \
 && python3 -c "import tomllib; p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
e = p['optional-dependencies']; print(*p['dependencies'], *e['cluster'], *e['service'], sep='\n')" > requirements.txt \
 && /opt/wonderland/bin/pip install --no-cache-dir --disable-pip-version-check \
    --requirement requirements.txt --constraint constraints.txt

FROM ${BASE}
# Volumes start as copies of these folders; whoever runs the container, and nobody else is there, may write to them.
RUN mkdir -m 0755 /data \
 && mkdir -m 1777 /data/runs /data/sets /data/artifacts /home/wonderland
COPY --from=libraries /opt/wonderland /opt/wonderland
WORKDIR /wonderland
COPY pyproject.toml constraints.txt README.md ./
COPY tasks tasks
COPY suite suite
COPY ablations ablations
COPY dashboard dashboard
RUN --mount=type=secret,id=pip,target=/etc/pip.conf \
    --mount=type=secret,id=certificates,target=/etc/ssl/certs/ca-certificates.crt \
    /opt/wonderland/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --editable . \
 && /opt/wonderland/bin/python -m compileall -q .
ENV PATH=/opt/wonderland/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/home/wonderland \
    USER=wonderland \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    RAY_USAGE_STATS_ENABLED=0 \
    MLFLOW_DISABLE_TELEMETRY=true \
    OMP_NUM_THREADS=1 \
    MKL_NUM_THREADS=1 \
    WONDERLAND_RUNS=/data/runs \
    WONDERLAND_DATA=/data/sets
WORKDIR /data
USER 10001:10001
ENTRYPOINT ["wonderland"]
CMD ["--help"]
