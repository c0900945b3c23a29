// Every number of the devices that reach the accounts of a person and the programs of pages, with its unit.

/** Mail. */
export const mailLimits = {
  /** Longest time of one call, and for the beginning of a connection, in milliseconds. */
  callMs: 60_000,
  connectMs: 20_000,
  /** Mails and folders of one list. */
  listed: 20,
  /** What is read of a mail, and the largest mail whose attachments can be saved, in bytes. */
  readBytes: 8 * 1024 * 1024,
  savedBytes: 50 * 1024 * 1024,
  /** Most that a server may say in one answer. */
  answerBytes: 64 * 1024 * 1024,
  /** Characters of a mail that an entity sees at once. */
  chars: 6_000,
  /** Nested parts of a mail. */
  depth: 40,
  /** What goes out: people, characters of the text, files, bytes of all of them. */
  recipients: 20,
  textChars: 100_000,
  attachments: 10,
  attachedBytes: 20 * 1024 * 1024,
};

/** The browser that reads pages which need programs to show anything. */
export const browserLimits = {
  /** Longest time for one page, and how long nothing may be under way before it counts as ready, in milliseconds. */
  pageMs: 45_000,
  quietMs: 500,
  /** A page that is never quiet is read as it is after so many milliseconds. */
  restlessMs: 12_000,
  /** Requests of one page, bytes of one answer, and of all of them. */
  requests: 300,
  answerBytes: 8 * 1024 * 1024,
  pageBytes: 32 * 1024 * 1024,
  /** What is read of it: characters, links, characters of a link. */
  chars: 8_000,
  links: 40,
  linkChars: 300,
  /** Hosts that are named of those which were not reached. */
  hosts: 8,
  width: 1_280,
  height: 1_600,
  processes: 512,
  memoryBytes: 1536 * 1024 * 1024,
  /** Largest message of the browser. */
  messageBytes: 64 * 1024 * 1024,
};

/** Calendars. */
export const calendarLimits = {
  /** Longest time of one call, and for taking foreign calendars apart, in milliseconds. */
  callMs: 30_000,
  readMs: 5_000,
  /** What a server may say in one answer, and the largest file, in bytes. */
  answerBytes: 32 * 1024 * 1024,
  /** Days of one question, events that are listed, occurrences of one event that are looked at. */
  days: 400,
  listed: 60,
  occurrences: 20_000,
  /** Memory of what takes foreign calendars apart, in megabytes. */
  memoryMb: 192,
  /** Characters of a text of an event, and guests that can be invited at once. */
  textChars: 10_000,
  guests: 20,
};
