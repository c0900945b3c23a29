// Reads the journal of your home as it grows, without a lock: every state of Hum is a fold over these records.
import { findHome, readJournal } from "@hum-os/os";

const stop = AbortSignal.timeout(5_000);
for await (const record of readJournal(findHome()).follow(0, stop))
  console.log(record.seq, new Date(record.at).toISOString(), record.stream, record.type);
