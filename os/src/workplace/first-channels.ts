// The channels that a fresh home has, with what they are for; the page says that in the language of the person.

/** The channels. */
export const firstChannels = [
  { id: "general", name: "general", about: "For everybody and everything." },
  { id: "work", name: "work", about: "Tasks: mention a colleague, and it works in the thread." },
] as const;
