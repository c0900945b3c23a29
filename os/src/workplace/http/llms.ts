// What a language model that comes to this server should know, in the form of llms.txt.

import { version } from "../../version.ts";

/** The text at /llms.txt. */
export const toLlmsText = (): string => `# Hum ${version}

> An operating system whose processor is a language model. This server is one person's machine: its colleagues
> (programs), the entities that run them, their conversations and files.

Every request carries \`Authorization: Bearer TOKEN\`; the token stands in the file \`token\` of the home folder of Hum.
Requests that change something may carry \`Idempotency-Key\`: the same key again has no second effect.

## Interfaces

- [OpenAPI](/openapi.json): channels, threads, posts, files, processes, approvals, programs, triggers, journal
- [OpenAI-compatible](/v1/models): \`POST /v1/chat/completions\`; \`model/ID\` is a model itself, \`hum/PROGRAM\` starts an
  entity on the last message, \`hum/pid-N\` is a message to a living entity
- WebSocket \`/api/v1/stream\`: the first message is \`{"token": TOKEN, "since": SEQ}\`; then events come in order

## Good to know

- A mention (\`@guide\`) in a post of a channel starts a colleague, who works in the thread of that post. The guide answers, and gives work to the others.
- What needs a yes of the person waits at \`GET /api/v1/approvals\`. Answer it only when the person said so.
- \`POST /api/v1/processes/PID/undo\` takes changes of files back; \`POST /api/v1/halt\` stops everything.
`;
