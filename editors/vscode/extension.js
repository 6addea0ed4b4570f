"use strict";
// VS Code's part of dockerlint: starts the server, and asks for the reason of a finding that is to be ignored.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { DOCUMENTS, serverOf, optionsOf, withReason } = require("./server");

let client;

async function start() {
  const settings = vscode.workspace.getConfiguration("dockerlint");
  client = new LanguageClient("dockerlint", "dockerlint", serverOf(settings.get("command")), {
    documentSelector: DOCUMENTS,
    initializationOptions: optionsOf(vscode.workspace.isTrusted),
  });
  try {
    await client.start();
  } catch (error) {
    const text = `dockerlint: the server does not start (${error.message}); install dockerlint[lsp], or set dockerlint.command`;
    vscode.window.showErrorMessage(text);
  }
}

async function stop() {
  const old = client;
  client = undefined;
  if (old && old.needsStop()) {
    await old.stop();
  }
}

async function restart() {
  await stop();
  await start();
}

async function ignore(deed) {
  const asked = () =>
    vscode.window.showInputBox({ title: "dockerlint", prompt: "Why is this finding to be ignored?" });
  const request = await withReason(deed, asked);
  if (request && client) {
    await client.sendRequest("workspace/executeCommand", request);
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("dockerlint.askReason", ignore),
    vscode.commands.registerCommand("dockerlint.restart", restart),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration((change) =>
      change.affectsConfiguration("dockerlint.command") ? restart() : undefined,
    ),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
