// The whole workplace of a running machine: conversations, models, and the server with every protocol it speaks.

import { createBlobs } from "../device/blobs.ts";
import type { Senses } from "../device/senses/open.ts";
import type { StartedHum } from "../start.ts";
import { canAct } from "../syscall/names.ts";
import type { Workplace } from "./api.ts";
import type { OwnDesk } from "./desk.ts";
import type { Door } from "./door.ts";
import type { Mount } from "./http/app.ts";
import { createRaw } from "./http/openai/raw.ts";
import { type Patience, startServer, type WorkServer } from "./http/server.ts";
import type { HumMcpHandler } from "./mcp/http.ts";
import { startWorkplace } from "./start.ts";

/** What a house is made from. */
export interface HouseOptions {
  hum: StartedHum;
  door: Door;
  desk: OwnDesk;
  /** The person of this machine. */
  by: string;
  /** Folder of the web bundle. */
  web: string;
  port: number;
  exact?: boolean;
  /** How long a slow client may take; for tests. */
  patience?: Patience;
  /** Other senses than those of the home. */
  openSenses?(): Promise<Senses>;
  onError(error: unknown): void;
}

/** A house that is open. */
export interface House extends Pick<WorkServer, "port" | "address" | "tell"> {
  workplace: Workplace;
  close(): Promise<void>;
}

/** Opens the workplace of a machine and its server. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { hum, door, desk, by, onError } = options;
  const workplace = await startWorkplace(hum, { model: desk.state, onError });
  const mcp = createMcpMount({ door, by, workplace, ledger: hum.ledger });
  const openModel = async (id: string) => {
    // The one in use is open under no name already, and one engine is enough.
    const used = (await desk.list()).some((model) => model.used && model.id === id);
    return hum.openModel(used ? null : id);
  };
  const server = await startServer({
    ...{ home: hum.home, by, workplace, door, models: desk },
    blobs: hum.blobs ?? (await createBlobs(hum.home)),
    raw: createRaw({ openModel, scheduler: hum.machine.scheduler, ledger: hum.ledger }),
    journal: hum.ledger.journal,
    head: () => hum.ledger.state.seq,
    mounts: [mcp.mount],
    openSenses: options.openSenses ?? (() => openOwnSenses(hum.home)),
    isTalker: (pid) => isTalker(hum, pid),
    ...{ web: options.web, port: options.port, exact: options.exact ?? false },
    ...(options.patience ? { patience: options.patience } : {}),
    ...{ now: Date.now, onError },
  });
  return {
    ...{ port: server.port, address: server.address, tell: server.tell, workplace },
    async close() {
      desk.stop();
      await mcp.close();
      await server.close();
    },
  };
}

// One that holds no device and does its task once: what it writes as its answer is what it will have said.
function isTalker({ ledger, machine }: StartedHum, pid: number): boolean {
  const entity = ledger.state.entities.get(pid);
  if (!entity || entity.redundancy > 1 || entity.children.length > 0) return false;
  return !canAct(machine.callsOf(entity));
}

// Large native libraries, which a machine that nobody talks with does not need.
async function openOwnSenses(home: string): Promise<Senses> {
  const { openSenses } = await import("../device/senses/open.ts");
  return openSenses(home);
}

// Few machines are ever asked by an MCP client, and its library takes a while to load.
function createMcpMount(from: {
  door: Door;
  by: string;
  workplace: Workplace;
  ledger: StartedHum["ledger"];
}): {
  mount: Mount;
  close(): Promise<void>;
} {
  let handler: Promise<HumMcpHandler> | null = null;
  const open = async () => {
    const { createMcpHandlerFor } = await import("./mcp/http.ts");
    const programs = () => from.workplace.programs().filter((program) => program.wrong === null);
    const made = createMcpHandlerFor({ station: from.door, person: from.by, programs });
    // Each program is a tool and a prompt.
    from.ledger.listen(({ type }) => {
      if (type !== "program.saved" && type !== "program.removed") return;
      made.notify.toolsChanged();
      made.notify.promptsChanged();
    });
    return made;
  };
  return {
    mount: {
      path: "/mcp",
      async fetch(request) {
        handler ??= open();
        return (await handler).fetch(request);
      },
    },
    close: async () => (await handler?.catch(() => null))?.close(),
  };
}
