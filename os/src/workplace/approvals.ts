// Approvals as people decide them: with the untrusted places from which something came into the window of the one who
// asks, and with what would change. A yes may reach further than once: for the thread, or as a standing grant for the
// program; both are capabilities with exactly that operation and host. What cannot be undone is asked each time, and
// nothing becomes standing whose window holds what an untrusted place said. What was granted can be taken back.

import { toHostPort } from "../device/match.ts";
import type { Capability } from "../entity/authority.ts";
import type { Entity } from "../entity/entity.ts";
import { type Approval, type HumEvent, toEvent, toStream } from "../entity/events.ts";
import { workStream } from "../entity/work-events.ts";
import { HumError } from "../error.ts";
import { authorityOf, contextOf, windowLabel } from "../scheduler/standing.ts";
import type { ShownApproval, Workplace } from "./api.ts";
import { toDiff } from "./changes.ts";
import { findThread, livingIn, type Room, workOf } from "./room.ts";

/** Makes the part of the workplace in which people decide. */
export function createApprovals(room: Room): Pick<
  Workplace,
  "approvals" | "answer" | "grants" | "revokeGrant"
> & {
  /** An approval without its difference, at once. */
  shown(approval: Approval): ShownApproval;
} {
  const { state } = room.ledger;
  const shown = (approval: Approval): ShownApproval => {
    const entity = state.entities.get(approval.pid);
    const sources = entity ? toSources(entity) : [];
    return {
      ...approval,
      ...{ name: entity?.name ?? "", program: entity?.program ?? "", thread: entity?.thread ?? null },
      ...{ sources, diff: null, sink: toSink(room, approval), scopes: toScopes(room, approval, sources) },
    };
  };
  return {
    shown,
    approvals: () =>
      Promise.all(
        [...state.approvals.values()].map(async (approval) => ({
          ...shown(approval),
          diff: await toFileDiff(room, approval),
        })),
      ),
    async answer(by, id, { answer, scope = "once" }) {
      const approval = state.approvals.get(id);
      if (!approval || answer === "denied" || scope === "once")
        return void (await room.inbox.answer(id, answer, by));
      const entity = state.entities.get(approval.pid);
      if (!entity || !shown(approval).scopes.includes(scope))
        throw new HumError("denied", `A yes to this counts once; it cannot be given for "${scope}".`);
      await room.inbox.answer(id, answer, by, toGrants(room, entity, { approval, scope, by }));
      // Those of the thread that live; a crash in between leaves them to ask, and who comes later has it.
      if (scope === "thread" && entity.thread !== null) await grantOthers(room, entity, { approval, by });
    },
    grants: () =>
      [...workOf(room).grants.values()].map(({ capability, ...grant }) => ({
        ...grant,
        ...{ operation: capability.operation, hosts: capability.hosts ?? [] },
      })),
    async revokeGrant(by, id) {
      if (!workOf(room).grants.has(id)) throw new HumError("not-found", `There is no grant "${id}".`);
      await room.machine.commit(workStream, [toEvent("grant.revoked", { id, by })]);
    },
  };
}

/** Untrusted places from which something is in the window of an entity. */
export function toSources(entity: Entity): string[] {
  const label = windowLabel(entity);
  return label.integrity === "untrusted" ? [...label.origins] : [];
}

type Args = Record<string, unknown>;

/** The arguments of each call that the question is for. */
function callsOf({ kind, payload }: Approval): [Args, ...Args[]] {
  if (kind !== "effect") return [payload];
  const { args, calls } = payload as { args?: Args; calls?: [Args, ...Args[]] };
  return calls ?? [args ?? payload];
}

function toSink(room: Room, approval: Approval): string {
  const reaches = room.machine.broker.operations().get(approval.what)?.reaches;
  if (reaches !== undefined) return reaches;
  const sinks = callsOf(approval).map((args) => {
    const first = args.url ?? args.to ?? args.path ?? args.command ?? Object.values(args)[0] ?? "";
    return toPlace(args) ?? String(first);
  });
  return [...new Set(sinks)].join(", ").slice(0, 400);
}

const toPlace = ({ url }: Args): string | null =>
  typeof url === "string" && URL.canParse(url) ? toHostPort(new URL(url)) : null;

/** The one place that all its calls go to; null when there is none, or more than one. */
function toHost(approval: Approval): string | null {
  const places = new Set(callsOf(approval).map(toPlace));
  return places.size === 1 ? ([...places][0] ?? null) : null;
}

function toScopes(room: Room, approval: Approval, sources: readonly string[]): ShownApproval["scopes"] {
  const found = room.machine.broker.operations().get(approval.what);
  if (approval.kind !== "effect" || found?.effect !== "egress" || toHost(approval) === null) return ["once"];
  const thread = room.ledger.state.entities.get(approval.pid)?.thread ?? null;
  return [
    "once",
    ...(thread === null ? [] : ["thread" as const]),
    ...(sources.length > 0 ? [] : ["standing" as const]),
  ];
}

interface Grant {
  approval: Approval;
  scope: "thread" | "standing";
  by: string;
}

// In one write with the answer: the grant for whoever asked, and for those that come later.
function toGrants(room: Room, entity: Entity, { approval, scope, by }: Grant): HumEvent[] {
  const capability = toCapability(entity, approval, by);
  const thread = scope === "thread" ? entity.thread : null;
  const grant = { id: approval.id, scope, thread, program: entity.program, owner: entity.owner, capability };
  return [
    toEvent("capability.granted", { pid: entity.pid, capability }),
    toEvent("grant.given", { ...grant, at: room.machine.now(), by }),
  ];
}

// Whoever said yes saw that private things may go along, where they may (the reasons of an approval name it).
function toCapability(entity: Entity, approval: Approval, by: string): Capability {
  const hosts = [toHost(approval) as string];
  const carries = windowLabel(entity).readers === null ? {} : { carries: true };
  return { operation: approval.what, hosts, grantedBy: by, grant: approval.id, ...carries };
}

async function grantOthers(
  room: Room,
  entity: Entity,
  { approval, by }: Omit<Grant, "scope">,
): Promise<void> {
  const capability = toCapability(entity, approval, by);
  for (const { pid } of livingIn(room, findThread(room, entity.thread as string)))
    if (pid !== entity.pid)
      await room.machine.commit(toStream(pid), [toEvent("capability.granted", { pid, capability })]);
}

// What a write would change in a file, read by the entity's own right.
async function toFileDiff(room: Room, approval: Approval): Promise<string | null> {
  const entity = room.ledger.state.entities.get(approval.pid);
  const [{ path, text }] = callsOf(approval);
  if (!entity || approval.what !== "files.write" || typeof path !== "string" || typeof text !== "string")
    return null;
  const { broker } = room.machine;
  const authority = authorityOf(room.machine, entity, windowLabel(entity));
  const decision = broker.decide({ pid: entity.pid, name: "files.read", args: { path } }, authority);
  if (decision.do !== "run") return toDiff(path, "", text);
  const context = contextOf(room.machine, entity, {
    id: `diff-${approval.id}`,
    signal: AbortSignal.timeout(10_000),
  });
  const read = await broker.perform(decision.pass, context);
  return toDiff(path, read.ok ? String(read.data?.content ?? "") : "", text);
}
