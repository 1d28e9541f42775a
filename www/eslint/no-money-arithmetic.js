// Money is computed by the core alone. This rule refuses arithmetic on any name that carries
// money, so that a figure on the page can only be one that the engine gave.

const OPERATORS = new Set(["+", "-", "*", "/", "%", "**", "+=", "-=", "*=", "/=", "%=", "**=", "++", "--"]);
const MONEY =
  /^(?:amounts?|limits?|instalments?|interests?|totals?|principals?|balances?|prices?|money|minor|payments?|fees?|costs?|minimum|maximum)$/;

/** The words of an identifier: `lastInstalment` and `last_instalment` are `last`, `instalment`. */
function words(name) {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split("_");
}

/** The names that a value is reached by: `offer.limit` and `offer["limit"]` are `offer`, `limit`. */
function names(node) {
  switch (node.type) {
    case "Identifier":
      return [node.name];
    case "MemberExpression":
      if (!node.computed) return [node.property.name ?? ""];
      return node.property.type === "Literal" ? [String(node.property.value)] : names(node.object);
    case "CallExpression":
      return node.callee.type === "Identifier" && node.callee.name === "Number"
        ? node.arguments.flatMap(names)
        : [];
    case "ChainExpression":
    case "TSNonNullExpression":
    case "TSAsExpression":
      return names(node.expression);
    case "UnaryExpression":
      return names(node.argument);
    default:
      return [];
  }
}

const carriesMoney = (node) => names(node).some((name) => words(name).some((word) => MONEY.test(word)));

export default {
  meta: {
    type: "problem",
    docs: { description: "forbid arithmetic on money outside the formatting module" },
    messages: { money: "money is computed by the core, never here: take the figure from the engine" },
    schema: [],
  },
  create(context) {
    const check = (node, ...operands) => {
      if (OPERATORS.has(node.operator) && operands.some(carriesMoney)) {
        context.report({ node, messageId: "money" });
      }
    };
    return {
      BinaryExpression: (node) => check(node, node.left, node.right),
      AssignmentExpression: (node) => check(node, node.left, node.right),
      UpdateExpression: (node) => check(node, node.argument),
      CallExpression(node) {
        const { callee } = node;
        if (
          callee.type === "MemberExpression" &&
          callee.object.type === "Identifier" &&
          callee.object.name === "Math" &&
          node.arguments.some(carriesMoney)
        ) {
          context.report({ node, messageId: "money" });
        }
      },
    };
  },
};
