"use strict";
const js = require("@eslint/js");

const globals = { require: "readonly", module: "writable", process: "readonly", __dirname: "readonly" };

module.exports = [
  js.configs.recommended,
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs", ecmaVersion: 2022, globals } },
];
