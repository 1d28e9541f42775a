import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, normalize, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};

/** What a page that loads the engine itself needs, and nothing else. */
const CSP = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** Serves an empty page at `/` and folders below their prefixes, on loopback. */
export async function serve(folders) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
    response.setHeader("content-security-policy", CSP);
    response.setHeader("cache-control", "no-store");
    if (path === "/") {
      response.setHeader("content-type", TYPES[".html"]);
      response.end("<!doctype html><title>prequal</title>");
      return;
    }
    try {
      const [, prefix, ...rest] = path.split(sep);
      const folder = folders[prefix];
      if (folder === undefined) throw new Error("no such folder");
      const body = await readFile(new URL(rest.join("/"), folder));
      response.setHeader("content-type", TYPES[extname(path)] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
