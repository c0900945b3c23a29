// The thread in which foreign calendars are taken apart: one question, one answer, and it ends.

import { parentPort, workerData } from "node:worker_threads";
import { type ExpandRequest, expand } from "./expand.ts";

parentPort?.postMessage(expand(workerData as ExpandRequest));
