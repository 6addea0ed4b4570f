"use strict";
// What the extension tells of the server, without VS Code, so that it can be tried alone.

/** The files that are sent to the server: those that it lints, and those that their findings rest on. */
const DOCUMENTS = [
  { scheme: "file", language: "dockerfile" },
  { scheme: "file", language: "dockercompose" },
  { scheme: "file", pattern: "**/*{ockerfile,ontainerfile}*" },
  { scheme: "file", pattern: "**/*{compose,stack}*.{yaml,yml}" },
  { scheme: "file", pattern: "**/{daemon.json,.env,.env.*,*.env,.dockerignore,*.dockerignore}" },
  { scheme: "file", pattern: "**/.dockerlint.{yaml,yml}" },
];

/** How the server is started: the command of the settings, and what makes it a server. */
function serverOf(command) {
  const [program, ...words] = command && command.length ? command : ["dockerlint"];
  return { command: program, args: [...words, "lsp"] };
}

/** What no folder can change: whether it is trusted, and that the user is asked for reasons. */
function optionsOf(isTrusted) {
  return { asksReasons: true, ...(isTrusted ? {} : { untrusted: true }) };
}

/** The request that hides a finding, once the user has said why; undefined where they say nothing. */
async function withReason(deed, ask) {
  const reason = ((await ask()) || "").trim();
  return reason ? { command: "dockerlint.do", arguments: [{ ...deed, reason }] } : undefined;
}

module.exports = { DOCUMENTS, serverOf, optionsOf, withReason };
