// Starts npm telegram-test-api on a loopback port that the system picks, and says which.
const { createRequire } = require("node:module");
const path = require("node:path");

const peers = createRequire(path.join(process.env.CHIKA_PEERS, "package.json"));
const TelegramServer = peers("telegram-test-api");
const server = new TelegramServer({ host: "127.0.0.1", port: "0", storeTimeout: 3600 });

server.start().then(() => console.log(`listening ${server.server.address().port}`));
process.on("SIGTERM", () => server.stop().then(() => process.exit(0)));
