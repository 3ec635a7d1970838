// A botium connector that speaks the HTTP bridge (docs/bridge-openapi.yaml): signed calls both ways.
const crypto = require("node:crypto");
const http = require("node:http");

const BUSY = 503;
const TOLERANCE = 300;

const proof = (secret, second, body) =>
  "sha256=" + crypto.createHmac("sha256", secret).update(`${second}.`).update(body).digest("hex");

const now = () => Math.floor(Date.now() / 1000);

// The side of the bridge that the bot calls: one server for all conversations.
class Callback {
  constructor(secret) {
    this.secret = secret;
    this.listeners = new Map();
    this.taken = new Set();
    this.server = http.createServer((request, response) => this.called(request, response));
  }

  async open() {
    await new Promise((opened) => this.server.listen(0, "127.0.0.1", opened));
    return this.server.address().port;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async called(request, response) {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    response.statusCode = this.isTheirs(request.headers, body) ? this.take(JSON.parse(body)) : 401;
    response.end();
  }

  isTheirs(headers, body) {
    const second = headers["x-chika-timestamp"] ?? "";
    const shown = Buffer.from(headers["x-chika-signature"] ?? "");
    const wanted = Buffer.from(proof(this.secret, second, body));
    const fresh = Math.abs(now() - Number(second)) <= TOLERANCE;
    return fresh && shown.length === wanted.length && crypto.timingSafeEqual(shown, wanted);
  }

  take(call) {
    if (call.type !== "message") return 204;
    if (!this.taken.has(call.id)) {
      this.taken.add(call.id);
      this.listeners.get(call.user)?.(call);
    }
    return 204;
  }
}

// One conversation: a user of its own, who writes, presses and sends files.
class Connector {
  constructor({ queueBotSays }, { url, secret, callback }) {
    this.queueBotSays = queueBotSays;
    this.url = url;
    this.secret = secret;
    this.callback = callback;
  }

  Start() {
    this.user = crypto.randomUUID();
    this.options = [];
    this.callback.listeners.set(this.user, (call) => this.hear(call));
    return Promise.resolve();
  }

  Stop() {
    this.callback.listeners.delete(this.user);
    return Promise.resolve();
  }

  async UserSays(message) {
    const event = { id: crypto.randomUUID(), user: this.user, ...this.meant(message) };
    const body = JSON.stringify({ events: [event] });
    const said = await this.deliver(body);
    if (said.results[0].outcome !== "stored") throw new Error(`not stored: ${JSON.stringify(said)}`);
    const again = await this.deliver(body); // a bridge that repeats itself changes nothing
    if (again.results[0].outcome !== "known") throw new Error(`doubled: ${JSON.stringify(again)}`);
  }

  meant(message) {
    const [media] = message.media ?? [];
    if (media) {
      const data = media.buffer.toString("base64");
      return { type: "media", data, name: media.mediaUri, mime: media.mimeType };
    }
    const [button] = message.buttons ?? [];
    if (button) {
      const option = this.options.find(({ label }) => label === button.payload);
      if (!option) throw new Error(`no option ${button.payload} is offered`);
      return { type: "press", value: option.value, put: option.put };
    }
    return { type: "text", text: message.messageText };
  }

  async deliver(body) {
    for (;;) {
      const second = now();
      const headers = {
        "Content-Type": "application/json",
        "X-Chika-Timestamp": String(second),
        "X-Chika-Signature": proof(this.secret, second, body),
      };
      const answer = await fetch(`${this.url}/bridge/events`, { method: "POST", headers, body });
      if (answer.ok) return answer.json();
      if (answer.status !== BUSY) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
    }
  }

  hear(call) {
    if (call.options.length) this.options = call.options;
    this.queueBotSays({
      messageText: call.text,
      buttons: call.options.map(({ label, value }) => ({ text: label, payload: value })),
      sourceData: call,
    });
  }
}

module.exports = { Callback, Connector };
