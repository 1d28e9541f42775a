/**
 * The device's key: P-256, made once, non-extractable, kept in IndexedDB at the lender's origin.
 * Where storage is denied it lives as long as the page.
 */
import { sign } from "prequal/sealing";

export interface DeviceKey {
  /** The public key: base64url of 32 bytes each. */
  coordinates: { x: string; y: string };
  /** ES256 over the ASCII bytes of the signing input: r and s, 32 bytes each. */
  sign(signingInput: string): Promise<Uint8Array>;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const STORE = "keys";
const DEVICE = "device";

/** Whether this page may use WebCrypto at all; not so in an insecure context. */
export function hasCrypto(): boolean {
  return globalThis.crypto?.subtle !== undefined && typeof indexedDB === "object";
}

let session: Promise<CryptoKeyPair> | undefined;

export async function deviceKey(): Promise<DeviceKey> {
  session ??= stored().catch(generate);
  const pair = await session;
  const { x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  if (x === undefined || y === undefined) throw new Error("the public key has no coordinates");
  return {
    coordinates: { x, y },
    async sign(signingInput) {
      return new Uint8Array(await sign(signingInput, pair.privateKey));
    },
  };
}

function generate(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
}

/** The kept key, or a new one. Two pages that start at once agree: the first one stored wins. */
async function stored(): Promise<CryptoKeyPair> {
  const db = await open();
  try {
    const kept = await result<CryptoKeyPair | undefined>(store(db, "readonly").get(DEVICE));
    if (kept) return kept;
    const fresh = await generate();
    const target = store(db, "readwrite");
    const first = await result<CryptoKeyPair | undefined>(target.get(DEVICE));
    if (first) return first;
    await result(target.put(fresh, DEVICE));
    return fresh;
  } finally {
    db.close();
  }
}

function store(db: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
  return db.transaction(STORE, mode).objectStore(STORE);
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("prequal", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return result(request);
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error("storage failed"));
    };
  });
}
