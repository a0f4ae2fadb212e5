# The image of TREK. docs/running.md says how to use it. Node has the version that package.json has.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm pack ./dist
RUN npm install --prefix /trek --no-audit --no-fund ./trek-*.tgz

# What Node has compiled is kept in the image: the server starts faster, and may not write there. Node keeps it for each user,
# so that a first start as the user of the image makes it. What is copied belongs to root, and can be read by all.
RUN install -d -m 777 /trek/node_modules/trek/node_modules/.cache
USER 10001:10001
RUN DATA_DIR=/tmp/first PORT=0 node /trek/node_modules/trek/bin/trek.js serve --enable mcp > /tmp/started & \
    until grep -q 'TREK is running' /tmp/started; do kill -0 $! || exit 1; sleep 0.2; done; \
    kill $! && wait $!
USER 0:0
RUN chmod -R a+rX,go-w /trek

FROM node:24.21.0-bookworm-slim
COPY --from=build --chown=0:0 /trek /trek
RUN ln -s /trek/node_modules/.bin/trek /usr/local/bin/trek && install -d -o 10001 -g 10001 -m 700 /data
# Everything is written to /data, what SQLite sorts on a disk too: nothing else has to be writable.
ENV DATA_DIR=/data HOST=0.0.0.0 SQLITE_TMPDIR=/data
VOLUME /data
EXPOSE 3000
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3000) + '/api/health').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["trek"]
CMD ["serve"]
