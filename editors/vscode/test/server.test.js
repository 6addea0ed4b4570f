"use strict";
// The client's side of the protocol, as VS Code's library speaks it, with the real server.

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { pathToFileURL } = require("node:url");
const protocol = require("vscode-languageserver-protocol/node");
const { serverOf, optionsOf, withReason } = require("../server");

const COMMAND = (process.env.DOCKERLINT_COMMAND || "dockerlint").split(" ");
const TEXT = 'services:\n  db:\n    image: postgres:17\n    ports:\n      - "5432:5432"\n';
const ABLE = {
  workspace: { applyEdit: true, configuration: true, workspaceEdit: { documentChanges: true } },
  textDocument: {
    codeAction: { dataSupport: true, resolveSupport: { properties: ["edit"] } },
    publishDiagnostics: { relatedInformation: true },
  },
};

async function served(work) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "dockerlint-")));
  const { command, args } = serverOf(COMMAND);
  const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const client = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(server.stdout),
    new protocol.StreamMessageWriter(server.stdin),
  );
  const uri = pathToFileURL(path.join(folder, "compose.yaml")).href;
  const told = new Promise((resolve) =>
    client.onNotification("textDocument/publishDiagnostics", (params) => resolve(params.diagnostics)),
  );
  const edits = [];
  client.onRequest("workspace/configuration", (params) => params.items.map(() => ({ deferTo: [], config: null })));
  client.onRequest("workspace/applyEdit", (params) => edits.push(params.edit) && { applied: true });
  client.listen();
  try {
    const workspaceFolders = [{ uri: pathToFileURL(folder).href, name: "it" }];
    const options = optionsOf(true);
    const params = { processId: process.pid, rootUri: null, capabilities: ABLE, workspaceFolders };
    const start = await client.sendRequest("initialize", { ...params, initializationOptions: options });
    await client.sendNotification("initialized", {});
    const textDocument = { uri, languageId: "dockercompose", version: 1, text: TEXT };
    await client.sendNotification("textDocument/didOpen", { textDocument });
    await work({ client, uri, found: await told, edits, able: start.capabilities });
    await client.sendRequest("shutdown");
    await client.sendNotification("exit");
    assert.strictEqual(await ended, 0);
  } finally {
    client.dispose();
    server.kill();
    fs.rmSync(folder, { recursive: true });
  }
}

test("a finding is told, fixed, and hidden with the reason that the user gives", { timeout: 120000 }, () =>
  served(async ({ client, uri, found, edits, able }) => {
    assert.deepStrictEqual(able.executeCommandProvider.commands, ["dockerlint.harden", "dockerlint.do"]);
    const finding = found.find((one) => one.code === "DK231");
    assert.strictEqual(finding.severity, 1);
    const where = { textDocument: { uri }, range: finding.range, context: { diagnostics: [finding] } };
    const offered = await client.sendRequest("textDocument/codeAction", where);
    const fix = await client.sendRequest("codeAction/resolve", offered[0]);
    assert.deepStrictEqual(fix.edit.documentChanges[0].edits[0].newText, "127.0.0.1:");
    const ignoring = offered.find((one) => one.command && one.command.command === "dockerlint.askReason");
    const request = await withReason(ignoring.command.arguments[0], async () => " in the lab ");
    assert.strictEqual(await client.sendRequest("workspace/executeCommand", request), true);
    const comment = '      # dockerlint: ignore[datastore-port-on-all-interfaces] reason="in the lab"\n';
    assert.strictEqual(edits[0].documentChanges[0].edits[0].newText, comment);
  }),
);

test("nothing is hidden without a reason", async () => {
  assert.strictEqual(await withReason({}, async () => "  "), undefined);
  assert.strictEqual(await withReason({}, async () => undefined), undefined);
});

test("a folder that is not trusted is told to the server", () => {
  assert.strictEqual(optionsOf(false).untrusted, true);
  assert.strictEqual("untrusted" in optionsOf(true), false);
});
