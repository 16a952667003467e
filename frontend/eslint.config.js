/** What the page's code may look like and import. Formatting is Prettier's, so no rule here is about layout. */
import js from "@eslint/js";
import prettier from "eslint-config-prettier/flat";
import importX, { createNodeResolver } from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y-x";
import lingui from "eslint-plugin-lingui";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import { readdirSync } from "node:fs";
import tseslint from "typescript-eslint";

const SRC = "./src";
const FEATURES = readdirSync(new URL(`${SRC}/features`, import.meta.url));
const SHARED = ["lib", "components", "api", "realtime"].map((name) => `${SRC}/${name}`);

/** `lib, components, api, realtime` <- `features` <- `app`; features do not import each other. */
const zones = [
  {
    target: SHARED,
    from: [`${SRC}/features`, `${SRC}/app`],
    message: "Shared code must not know the features. Pass what it needs, or move it into the feature.",
  },
  {
    target: `${SRC}/features`,
    from: `${SRC}/app`,
    message: "A feature must not know the app. Pass what it needs from the route.",
  },
  ...FEATURES.map((feature) => ({
    target: `${SRC}/features/${feature}`,
    from: `${SRC}/features`,
    except: [`./${feature}`],
    message: "Features must not import each other. Move what both need into lib, components or api.",
  })),
];

const RESTRICTED = [
  {
    selector: "MemberExpression[property.name=/^toLocale(Date|Time)?String$/]",
    message: "Use lib/dates, lib/formatCount, lib/formatMoney or lib/listed, which write every page in one language.",
  },
  {
    selector: "MemberExpression[object.name='Intl'][property.name=/Format$/]",
    message: "Use lib/dates, lib/formatCount, lib/formatMoney or lib/listed, which write every page in one language.",
  },
  {
    selector:
      "CallExpression[callee.property.name='join'] > :matches(Literal[value=/^(,|;| and)/], TaggedTemplateExpression)",
    message: "Use lib/listed, which joins texts in the language of the page.",
  },
  {
    selector: "JSXAttribute[name.name='type'] > Literal[value=/^(date|datetime-local|month)$/]",
    message: "Use DayField, which has the same format in every browser.",
  },
];

/** The places of a text where a single word in lower case is one too, although elsewhere it is a code. */
const TEXT_NAMES = "/^(label|title|placeholder|aria-label|description|message|about|hint|confirm|what|none)$/";
const LONE_WORDS = [
  "JSXText[value=/[a-z]/i]:not(JSXElement[openingElement.name.name=/^(Trans|Code|Kbd)$/] JSXText)",
  `JSXAttribute[name.name=${TEXT_NAMES}] > Literal[value=/[a-z]/i]`,
  `JSXAttribute[name.name=${TEXT_NAMES}] > JSXExpressionContainer > :matches(ConditionalExpression, LogicalExpression) > Literal[value=/[a-z]/i]`,
  ":matches(JSXElement, JSXFragment) > JSXExpressionContainer > :matches(ConditionalExpression, LogicalExpression) > Literal[value=/[a-z]/i]",
  `Property[key.name=${TEXT_NAMES}] > Literal[value=/[a-z]/i]`,
].map((selector) => ({ selector, message: "Take the text from the catalogue: by t, msg, plural or <Trans>." }));

/** Files that hold formats, selectors and names of fonts, but no text. */
const WITHOUT_TEXTS = [
  "src/lib/{dates,readDates,serverWords,locale,timeZone,styleNonce,useKeys}.ts",
  "src/app/theme.ts",
];

export default defineConfig(
  globalIgnores(["src/api/schema.gen.ts"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{ts,tsx}"],
    extends: [
      js.configs.recommended,
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
      reactHooks.configs.flat["recommended-latest"],
      jsxA11y.configs.strict,
      prettier,
    ],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { "import-x/resolver-next": [createNodeResolver({ extensions: [".ts", ".tsx"] })] },
    rules: {
      // House style: `type` everywhere; numbers read well in templates; `() => act()` needs no braces.
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { ignoreRestSiblings: true }],
      // The page is not built with React's compiler, so memoization by hand is not in its way.
      "react-hooks/preserve-manual-memoization": "off",
      // The router's way to leave a route is to throw these.
      "@typescript-eslint/only-throw-error": [
        "error",
        { allow: [{ from: "package", package: "@tanstack/router-core", name: ["Redirect", "NotFoundError"] }] },
      ],
      "no-restricted-syntax": ["error", ...RESTRICTED],
      "import-x/no-restricted-paths": ["error", { zones }],
      "import-x/order": [
        "error",
        {
          groups: [
            ["builtin", "external"],
            ["parent", "sibling", "index"],
          ],
          alphabetize: { order: "asc", caseInsensitive: true },
          "newlines-between": "never",
        },
      ],
      "import-x/no-cycle": "error",
      "import-x/no-duplicates": ["error", { "prefer-inline": true }],
      "import-x/no-extraneous-dependencies": "error",
    },
  },
  {
    // The page's texts come from the catalogue, by `t`, `msg`, `plural` or `<Trans>`.
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["**/*.test.{ts,tsx}", "src/test/**", ...WITHOUT_TEXTS],
    plugins: { lingui },
    rules: {
      "lingui/t-call-in-function": "error",
      "lingui/no-trans-inside-trans": "error",
      "lingui/no-unlocalized-strings": [
        "error",
        {
          useTsTypes: true,
          ignore: [
            // Codes, addresses and colours. A single word in lower case is a text where `LONE_WORDS` says so.
            "^[a-z0-9_.:#/?&=+-]+$",
            "^/",
            "^[A-Z0-9_]+$",
            // CSS, selectors, headers, and the name of the product after the title of a page.
            "^\\[|^[a-z]+\\[|^\\(max-width|minmax\\(|light-dark\\(|^button, |^data:|^X-|^Content-Disposition$",
            "· bankimport$",
            "^bankimport verify ",
            "^\\u0000",
          ],
          ignoreNames: ["className", "style", "styles", "labelPosition"],
          ignoreFunctions: ["Error", "SyntaxError", "Date.parse", "Date", "lazyRouteComponent", "*.getInputProps"],
        },
      ],
      "no-restricted-syntax": ["error", ...RESTRICTED, ...LONE_WORDS],
    },
  },
  {
    files: ["src/lib/{dates,timeZone,formatCount,formatMoney,listed}.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
);
