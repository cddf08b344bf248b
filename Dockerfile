# docker build -t lianxin .
# docker run -p 8080:8080 -v lianxin:/data lianxin
# docker exec CONTAINER lianxin invite --help

FROM python:3.12-slim AS build
WORKDIR /src
COPY requirements-build.txt requirements.txt ./
# Every package is checked against its hash; jieba and the project are built with the tools just installed.
RUN pip install --no-cache-dir --require-hashes -r requirements-build.txt \
 && pip wheel --no-cache-dir --no-deps --no-build-isolation --require-hashes -r requirements.txt --wheel-dir /wheels
COPY pyproject.toml ./
COPY bot bot
COPY handlers handlers
COPY nlp nlp
COPY storage storage
COPY scheduler scheduler
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && python -m venv --without-pip /app \
 && pip --python /app/bin/python install --no-cache-dir --no-index --no-deps /wheels/*.whl

FROM python:3.12-slim
COPY --from=build /app /app
RUN useradd --system --uid 10001 --no-create-home --home-dir /data lianxin \
 && install -d -m 0700 -o lianxin /data
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 LIANXIN_DATA=/data
USER lianxin
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8080, timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["lianxin"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080", "--data", "/data"]
