# SchoolChat on a PostgreSQL server and Redis: see docker-compose.yml.
# Not yet built by an engine: none was at hand when this was written.
FROM python:3.13-slim-bookworm

# 1000 is the usual first user of a Linux host, so that files of secrets kept there with mode 600
# can be read here. --build-arg UID=… for another.
ARG UID=1000
RUN useradd --uid "$UID" --create-home --shell /usr/sbin/nologin schoolchat \
    && install -d -o schoolchat -g schoolchat -m 700 /data

WORKDIR /srv/schoolchat
COPY requirements.txt ./
# Every package has a wheel for glibc; the hashes are checked.
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN python -m compileall -q .

USER schoolchat
ENV PYTHONUNBUFFERED=1 SCHOOLCHAT_DATA=/data
VOLUME /data
EXPOSE 8000

# Without DATABASE_URL this starts the embedded PostgreSQL below /data.
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
