import type { DeviceKey } from './key';

/** What this device keeps of one way in, until the visit closes. */
export interface Kept {
  /** `link:CODE`, `code:CODE` or `visit:ID`. */
  id: string;
  key: DeviceKey;
  /** The visit session, once there is one. It is bound to the key: by itself it opens nothing. */
  session?: { token: string; visitId?: string };
  /** Milliseconds since 1970, by the server's clock: from then on it is swept. */
  until: number;
}

const NAME = 'bedside';
const TABLE = 'kept';

/** Reads what is kept under an id. */
export async function recall(id: string): Promise<Kept | undefined> {
  try {
    return await inTable<Kept | undefined>('readonly', (table) => table.get(id));
  } catch {
    return undefined;
  }
}

/** Keeps; says whether it will be there after the page is closed. Private and lockdown modes refuse. */
export async function keep(kept: Kept): Promise<boolean> {
  try {
    await inTable('readwrite', (table) => table.put(kept));
    return (await recall(kept.id)) !== undefined;
  } catch {
    return false;
  }
}

/** Keeps, unless something is kept under the id already, by another tab: gives what is kept now. */
export async function adopt(kept: Kept): Promise<Kept | undefined> {
  try {
    // One transaction: of two tabs that come at once, the second finds what the first has put.
    await inTable('readwrite', (table) => {
      const found = table.get(kept.id);
      found.onsuccess = () => found.result === undefined && table.put(kept);
      return found;
    });
    return await recall(kept.id);
  } catch {
    return undefined;
  }
}

/** Forgets what is kept under an id. */
export async function forget(id: string): Promise<void> {
  try {
    await inTable('readwrite', (table) => table.delete(id));
  } catch {
    // What could not be opened holds nothing.
  }
}

/** Forgets whatever has outlived its visit. */
export async function sweep(now: number): Promise<void> {
  try {
    const all = await inTable<Kept[]>('readonly', (table) => table.getAll());
    for (const old of all.filter((kept) => kept.until <= now)) await forget(old.id);
  } catch {
    // As above.
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: 'id' });
    request.onsuccess = () => done(request.result);
    request.onerror = request.onblocked = () => failed(request.error);
  });
}

async function inTable<T>(mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((done, failed) => {
      const transaction = database.transaction(TABLE, mode);
      const request = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => done(request.result as T);
      transaction.onerror = transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}
