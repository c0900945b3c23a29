/** The kernel of Hum without HTTP: see ../hum/kernel.ts. */
export { createKernelPeer as createPeer } from "../hum/kernel.ts";
