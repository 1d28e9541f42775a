import tseslint from "typescript-eslint";
import noMoneyArithmetic from "./eslint/no-money-arithmetic.js";

export default tseslint.config(
  { ignores: ["dist/"] },
  ...tseslint.configs.strict,
  ...tseslint.configs.stylistic,
  {
    plugins: { prequal: { rules: { "no-money-arithmetic": noMoneyArithmetic } } },
    rules: {
      "prequal/no-money-arithmetic": "error",
      eqeqeq: "error",
      "no-console": "error",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  // The one module that takes money's digits apart and puts them together.
  { files: ["src/format/money.ts"], rules: { "prequal/no-money-arithmetic": "off" } },
);
