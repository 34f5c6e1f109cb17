import js from "@eslint/js"
import globals from "globals"

export default [
  { ignores: ["**/node_modules/**"] },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-restricted-properties": ["error", { property: "innerHTML" }, { property: "outerHTML" }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  // Omise.js is a classic script, as the real one is; its parts see each other's names, as tsc knows.
  {
    files: ["**/omisejs/library/*.js"],
    languageOptions: { sourceType: "script" },
    rules: {
      "no-undef": "off",
      "no-unused-vars": ["error", { vars: "local", ignoreRestSiblings: true }],
    },
  },
  { files: ["tests/**/*.js", "tools/**/*.js"], languageOptions: { globals: globals.node } },
  { files: ["tests/contract/node/*.js", "tests/examine/express/*.js"], languageOptions: { sourceType: "commonjs" } },
]
