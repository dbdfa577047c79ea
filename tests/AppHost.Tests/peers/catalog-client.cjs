// A client made from the packed contracts by others' tools. It speaks to the gateway over TLS, as a machine outside would:
// lists the APIs, reads a specification, and sees the change that it makes. Arguments: folder of the protos, gateway
// (host:port), certificate of the authority, API, version. The token is read from standard input. Prints JSON.
const fs = require("node:fs");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [protos, gateway, authority, apiId, versionId] = process.argv.slice(2);
const token = fs.readFileSync(0, "utf8").trim();
const load = (file) =>
  grpc.loadPackageDefinition(
    loader.loadSync(file, { includeDirs: [protos], enums: String, defaults: true, longs: String }),
  );
const { Apis } = load("apisvc/catalog/v1/apis.proto").apisvc.catalog.v1;

const credentials = grpc.credentials.combineChannelCredentials(
  grpc.credentials.createSsl(fs.readFileSync(authority)),
  grpc.credentials.createFromMetadataGenerator((_, done) => {
    const metadata = new grpc.Metadata();
    metadata.set("authorization", `Bearer ${token}`);
    done(null, metadata);
  }),
);
const apis = new Apis(gateway, credentials);
const deadline = () => ({ deadline: Date.now() + 20_000 });
const call = (method, request) =>
  new Promise((resolve, reject) =>
    apis[method](request, deadline(), (error, answer) => (error ? reject(error) : resolve(answer))),
  );

async function main() {
  const { apis: listed } = await call("ListApis", {});
  const specification = await call("GetSpecification", { versionId, as: "AS_IMPORTED" });

  const watch = apis.WatchApis({}, deadline());
  const seen = new Promise((resolve, reject) => {
    watch.on("error", reject);
    watch.on("data", (change) => {
      if (change.api?.id === apiId && change.api.category === "Watched") resolve(change.api);
    });
  });
  // The stream's head says that it watches; what changes from then on is seen.
  await new Promise((resolve, reject) => {
    watch.on("metadata", resolve);
    watch.on("error", reject);
  });
  const api = await call("GetApi", { id: apiId });
  await call("UpdateApi", { api: { ...api, category: "Watched" } });
  const changed = await seen;
  watch.on("error", () => {});
  watch.cancel();

  const stranger = new Apis(gateway, grpc.credentials.createSsl(fs.readFileSync(authority)));
  const refused = await new Promise((resolve) =>
    stranger.ListApis({}, deadline(), (error) => resolve(error?.code)),
  );
  console.log(
    JSON.stringify({
      apis: listed.map((a) => a.slug),
      document: specification.document.toString("utf8"),
      mediaType: specification.mediaType,
      watched: changed.category,
      withoutToken: grpc.status[refused],
    }),
  );
  process.exit(0);
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
