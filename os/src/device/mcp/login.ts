// Logging in to a server over HTTP (OAuth, by the SDK): what a login gave is kept in one file of the server's own folder,
// readable by its owner only, by the authorization server that gave it, so that nothing of one is shown to another.
//
// A machine at work only uses and refreshes what is there. The person logs in at the command line, in their browser; the
// answer comes to a port of this machine that is open for that moment.

import { randomBytes } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
  StoredOAuthClientInformation,
  StoredOAuthTokens,
} from "@modelcontextprotocol/client";
import { HumError } from "../../error.ts";

/** A way to be let in. */
export interface Login {
  provider: OAuthClientProvider;
  /** Waits for the answer that the browser brings; null where no person is there. */
  answer: ((signal: AbortSignal) => Promise<URLSearchParams>) | null;
}

/** What is kept. */
interface Kept {
  clients: Record<string, StoredOAuthClientInformation>;
  tokens: Record<string, StoredOAuthTokens>;
  /** The authorization server whose tokens came last. */
  last: string | null;
  verifier: string | null;
  /** Where the login under way was begun; it holds until its tokens are there, and is then looked up anew. */
  begun: OAuthDiscoveryState | null;
}

/** How a login asks a person. */
export interface LoginOptions {
  file: string;
  /** The name of the server, for messages. */
  name: string;
  /** Where the browser brings the answer. */
  redirectUrl?: string;
  /** Shows the address to the person. */
  show?(url: URL): void | Promise<void>;
  state?: string;
  /** An address at which this client describes itself, for servers that read it there. */
  clientMetadataUrl?: string;
}

/** The file of a server's login. */
export const toLoginFile = (folder: string): string => join(folder, "login.json");

/** Forgets a login. */
export function forgetLogin(file: string): void {
  rmSync(file, { force: true });
}

/** The provider of the SDK over the kept login. */
export function createLoginProvider(options: LoginOptions): OAuthClientProvider {
  const { file, name, redirectUrl } = options;
  const read = (): Kept => {
    const empty: Kept = { clients: {}, tokens: {}, last: null, verifier: null, begun: null };
    try {
      return { ...empty, ...(JSON.parse(readFileSync(file, "utf8")) as Partial<Kept>) };
    } catch {
      // None yet, or not readable: the person logs in again.
      return empty;
    }
  };
  const change = (work: (kept: Kept) => void) => {
    const kept = read();
    work(kept);
    writeFileSync(`${file}.draft`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${file}.draft`, file);
  };
  const key = (issuer: string | undefined) => issuer ?? "";
  return {
    redirectUrl: redirectUrl ?? "http://127.0.0.1/callback",
    ...(options.clientMetadataUrl === undefined ? {} : { clientMetadataUrl: options.clientMetadataUrl }),
    clientMetadata: {
      client_name: "Hum",
      redirect_uris: [redirectUrl ?? "http://127.0.0.1/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
    },
    ...(options.state === undefined ? {} : { state: () => options.state as string }),
    clientInformation: (context) => own(read().clients, key(context?.issuer)),
    saveClientInformation: (information, context) =>
      change((kept) => {
        kept.clients[key(context?.issuer)] = information;
      }),
    tokens(context) {
      const kept = read();
      return own(kept.tokens, context ? key(context.issuer) : (kept.last ?? ""));
    },
    saveTokens: (tokens, context) =>
      change((kept) => {
        kept.last = key(context?.issuer);
        kept.tokens[kept.last] = tokens;
        kept.begun = null;
      }),
    async redirectToAuthorization(url) {
      if (!options.show)
        throw new HumError("denied", `The MCP server ${name} wants a login: \`hum mcp login ${name}\`.`);
      await options.show(url);
    },
    saveCodeVerifier: (verifier) =>
      change((kept) => {
        kept.verifier = verifier;
      }),
    codeVerifier() {
      const { verifier } = read();
      if (verifier === null)
        throw new HumError("denied", `The login to ${name} was not begun here. Begin it again.`);
      return verifier;
    },
    saveDiscoveryState: (state) =>
      change((kept) => {
        kept.begun = state;
      }),
    discoveryState: () => read().begun ?? undefined,
    invalidateCredentials: (what) =>
      change((kept) => {
        if (what === "all" || what === "client") kept.clients = {};
        if (what === "all" || what === "tokens") kept.tokens = {};
        if (what === "all" || what === "verifier") kept.verifier = null;
        if (what === "all" || what === "discovery") kept.begun = null;
      }),
  };
}

const own = <T>(values: Record<string, T>, name: string): T | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

/** The login that a machine at work uses: it asks nobody. */
export function useLogin(name: string, folder: string): Login {
  return { provider: createLoginProvider({ name, file: toLoginFile(folder) }), answer: null };
}

/** A login with a person at a browser. */
export interface OpenLogin extends Login {
  close(): void;
}

/** Opens the port to which the browser brings the answer; what was kept before is forgotten. */
export async function openLogin(name: string, folder: string, show: (url: URL) => void): Promise<OpenLogin> {
  const file = toLoginFile(folder);
  forgetLogin(file);
  const state = randomBytes(16).toString("base64url");
  let give: (answer: URLSearchParams) => void = () => {};
  const come = () =>
    new Promise<URLSearchParams>((resolve) => {
      give = resolve;
    });
  let coming = come();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const isAnswer = pathname === "/callback" && searchParams.get("state") === state;
    response.writeHead(isAnswer ? 200 : 404, { "content-type": "text/plain; charset=utf-8" });
    response.end(isAnswer ? "You may close this page and go back to Hum.\n" : "There is nothing here.\n");
    if (isAnswer) give(searchParams);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const redirectUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  return {
    provider: createLoginProvider({ name, file, redirectUrl, show, state }),
    async answer(signal) {
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        if (signal.aborted) reject(signal.reason);
      });
      const answer = await Promise.race([coming, stopped]);
      coming = come();
      return answer;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
