/** The canonical encoding (RFC 8785) of what the engine answers with: objects, lists, whole numbers, strings. */
export function canonical(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (Number.isSafeInteger(value)) return `${value}`;
  if (typeof value === "boolean") return value ? "true" : "false";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`\`${String(value)}\` has no canonical encoding`);
  }
  let text = "";
  for (const name of Object.keys(value).sort()) {
    const member = value[name];
    if (member !== undefined) text += `${text === "" ? "" : ","}${quoted(name)}:${canonical(member)}`;
  }
  return `{${text}}`;
}

/** Names of members in quotes: there are few, and they come again and again. */
const NAMES = new Map();

function quoted(name) {
  let text = NAMES.get(name);
  if (text === undefined) {
    text = JSON.stringify(name);
    NAMES.set(name, text);
  }
  return text;
}
