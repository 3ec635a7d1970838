// Plays every script of a folder over the HTTP bridge with npm botium-core, one after the other.
// Says where it can be called; then reads the address of the bot from its input, and tells as JSON.
const { createRequire } = require("node:module");
const path = require("node:path");
const readline = require("node:readline");

const { Callback, Connector } = require("./connector.cjs");

const peers = createRequire(path.join(process.env.CHIKA_PEERS, "package.json"));
const { BotDriver } = peers("botium-core");

const { BRIDGE_SECRET: secret, CONVOS: convos, FILES: files } = process.env;

const CAPS = {
  PROJECTNAME: "CHIKA",
  TEMPDIR: "botium",
  WAITFORBOTTIMEOUT: 30000,
  SCRIPTING_ENABLE_MEMORY: true,
  SCRIPTING_FORCE_BOT_CONSUMED: true, // a message that no script expects fails it
  USER_INPUTS: [
    { ref: "MEDIA", src: "MediaInput", args: { downloadMedia: true, baseDir: files } },
  ],
};

async function main() {
  const callback = new Callback(secret);
  console.log(`listening ${await callback.open()}`);
  const input = readline.createInterface({ input: process.stdin });
  const url = await new Promise((told) => input.once("line", told));
  const wire = { url, secret, callback };
  const driver = new BotDriver({ ...CAPS, CONTAINERMODE: (args) => new Connector(args, wire) });
  const compiler = driver.BuildCompiler();
  compiler.ReadScriptsFromDirectory(convos);
  compiler.ExpandConvos();
  for (const convo of compiler.convos) {
    const told = { name: convo.header.name, problem: "" };
    const container = await driver.Build();
    await container.Start();
    try {
      await convo.Run(container);
    } catch (problem) {
      told.problem = String(problem.message ?? problem);
    }
    await container.Stop();
    await container.Clean();
    console.log(JSON.stringify(told));
  }
  callback.close();
  input.close();
}

main().catch((problem) => {
  console.error(problem);
  process.exit(1);
});
