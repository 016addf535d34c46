// The style of the page's modules and of their tests.
import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-var": "error",
      "prefer-const": "error",
      "eqeqeq": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      "max-len": ["error", { code: 120, ignorePattern: "^ \\*|^import " }],
      "max-lines": ["error", { max: 400, skipComments: true }],
    },
  },
  { files: ["**/words*.js"], rules: { "max-len": "off" } },
  { files: ["**/*.test.js", "**/eslint.config.js"], languageOptions: { globals: globals.node } },
];
