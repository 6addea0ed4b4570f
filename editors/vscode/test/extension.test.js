"use strict";
// What the extension does when it starts, with VS Code and its client library played by the test.

const assert = require("node:assert");
const Module = require("node:module");
const { test } = require("node:test");

const said = { commands: {}, started: [], stopped: 0, sent: [], errors: [], fails: false };
const settings = { command: ["uvx", "dockerlint"] };
let granted;
const vscode = {
  commands: { registerCommand: (name, work) => (said.commands[name] = work) },
  window: {
    showInputBox: async () => "a lab",
    showErrorMessage: (text) => said.errors.push(text),
  },
  workspace: {
    isTrusted: false,
    getConfiguration: () => ({ get: (key) => settings[key] }),
    onDidChangeConfiguration: () => {},
    onDidGrantWorkspaceTrust: (work) => (granted = work),
  },
};

class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { server, options });
  }
  async start() {
    if (said.fails) {
      throw new Error("no such program");
    }
    said.started.push(this);
  }
  needsStop() {
    return true;
  }
  async stop() {
    said.stopped += 1;
  }
  async sendRequest(...request) {
    said.sent.push(request);
  }
}

const load = Module._load;
Module._load = (name, ...rest) =>
  ({ vscode, "vscode-languageclient/node": { LanguageClient } })[name] || load(name, ...rest);
const extension = require("../extension");
Module._load = load;

test("it starts the server, again once the folder is trusted, and hands over reasons", async () => {
  await extension.activate({ subscriptions: [] });
  assert.deepStrictEqual(said.started[0].server, { command: "uvx", args: ["dockerlint", "lsp"] });
  assert.deepStrictEqual(said.started[0].options.initializationOptions, { asksReasons: true, untrusted: true });
  vscode.workspace.isTrusted = true;
  await granted();
  assert.strictEqual(said.stopped, 1);
  assert.deepStrictEqual(said.started[1].options.initializationOptions, { asksReasons: true });
  await said.commands["dockerlint.askReason"]({ what: "ignore" });
  const request = { command: "dockerlint.do", arguments: [{ what: "ignore", reason: "a lab" }] };
  assert.deepStrictEqual(said.sent, [["workspace/executeCommand", request]]);
});

test("a server that does not start is told with what to do about it", async () => {
  said.fails = true;
  await said.commands["dockerlint.restart"]();
  assert.match(said.errors[0], /no such program.*install dockerlint\[lsp\]/);
  await extension.deactivate();
});
