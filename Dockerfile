# The mock as a container: `docker build -t infobip-voice-mock .`, or `docker compose up` with compose.yaml.

FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
# The lock names every version; its hashes are left out, because pip would then want one of this package too.
RUN grep -oE '^[A-Za-z0-9_.-]+==[^ ;]+' tools/requirements.txt > /constraints.txt \
 && python -m venv --without-pip /mock \
 && pip --disable-pip-version-check --no-cache-dir --python /mock install --constraint /constraints.txt '.[mock]'

FROM python:3.13-slim
COPY --from=build /mock /mock
USER 65534:65534
EXPOSE 8080
# The first three words are the command; the rest are its options, which `docker run IMAGE …` replaces.
ENTRYPOINT ["/mock/bin/infobip-voice", "mock", "--host", "0.0.0.0"]
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \
  CMD ["/mock/bin/python", "-c", "import http.client as h; c = h.HTTPConnection('127.0.0.1', 8080, timeout=2); c.request('GET', '/_mock/health'); raise SystemExit(c.getresponse().status != 200)"]
