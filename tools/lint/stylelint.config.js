/** Words joined by single dashes. */
const WORDS = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"

export default {
  extends: "stylelint-config-standard",
  rules: {
    "alpha-value-notation": null,
    "color-hex-length": "long",
    "custom-property-empty-line-before": null,
    "declaration-empty-line-before": null,
    "hue-degree-notation": "number",
    "lightness-notation": "number",
    "media-feature-range-notation": null,
    "no-descending-specificity": null, // cascade layers decide the order
    "property-no-vendor-prefix": [true, { ignoreProperties: ["/text-size-adjust$/"] }], // iOS
    "selector-class-pattern": [
      `^${WORDS}(?:__${WORDS})?(?:--${WORDS})?$`,
      { message: "Write classes as block__element--modifier" },
    ],
    "value-keyword-case": ["lower", { ignoreKeywords: ["/^[A-Z]/"] }], // font names
  },
}
