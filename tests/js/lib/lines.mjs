import { createInterface } from "node:readline";

/** The values of a stream of JSON lines, in batches, so that waiting is paid for once a batch. */
export async function* batches(stream, size = 256) {
  let batch = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line !== "") batch.push(JSON.parse(line));
    if (batch.length === size) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
