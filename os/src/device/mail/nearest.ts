// What a search that finds nothing shows instead. A person remembers a mail by its words and a model repeats them, but a
// server looks for exactly these letters in exactly that place. So the words are looked for one by one in senders and
// subjects, and the mails with most of them come first; where there is none, the newest are shown.

import type { FetchMessageObject, ImapFlow, SearchObject } from "imapflow";
import { fetchListed, searchMails } from "./imap.ts";

const most = 5;
const mostWords = 8;

/** Words that say nothing about which mail is meant. */
const plain = new Set(
  "the and for from with that this about mail mails email message of in to is it my me your our a an".split(
    " ",
  ),
);

/** Mails that may be meant, and why they are shown; `alone` when it is one. */
export interface Nearest {
  mails: FetchMessageObject[];
  note: string;
  alone?: FetchMessageObject;
}

type Way = (word: string) => SearchObject;

/** The ways in which words are looked for, until one finds something: whole, their beginnings, and in what the mails say. */
const ways: Way[] = [
  (word) => ({ or: [{ from: word }, { subject: word }] }),
  (word) => ({ or: [{ from: toStem(word) }, { subject: toStem(word) }] }),
  (word) => ({ body: word }),
];

// "dentist" is also meant by "dental", "invoices" by "invoice".
const toStem = (word: string): string =>
  word.length > 5 ? word.slice(0, Math.max(4, word.length - 3)) : word;

/** The nearest mails of the open folder to what was looked for. */
export async function findNearest(
  client: ImapFlow,
  words: readonly string[],
  within: SearchObject,
): Promise<Nearest> {
  const wanted = [
    ...new Set(words.flatMap((text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])),
  ].filter((word) => word.length > 2 && !plain.has(word));
  for (const way of ways) {
    const hits = new Map<number, number>();
    for (const word of wanted.slice(0, mostWords)) {
      const found = (await client.search({ ...within, ...way(word) }, { uid: true })) || [];
      for (const uid of found) hits.set(uid, (hits.get(uid) ?? 0) + 1);
    }
    const best = Math.max(0, ...hits.values());
    const uids = [...hits].filter(([, count]) => count === best).map(([uid]) => uid);
    if (uids.length === 0) continue;
    const mails = await fetchListed(client, uids.sort((a, b) => b - a).slice(0, most));
    const [one] = mails;
    return { mails, note: nearestNote, ...(mails.length === 1 && one ? { alone: one } : {}) };
  }
  const { mails } = await searchMails(client, Object.keys(within).length > 0 ? within : { all: true }, most);
  return { mails, note: mails.length > 0 ? "No mail fits. The newest there are:" : "No mail fits." };
}

const nearestNote = "No mail fits exactly. The nearest:";
