// The filter on system calls inside the sandbox: calls that no everyday program needs and that have often been the
// way out of one (key rings, tracing, BPF, io_uring, mounting, modules) fail with EPERM. Namespaces and capabilities
// already forbid most of them; this also keeps a program away from the code behind them.
//
// The filter is classic BPF, 8 bytes an instruction { u16 code, u8 jump if true, u8 jump if false, u32 value }:
//
//   load architecture; another one -> kill        (a 32-bit program would use other numbers)
//   load number; x32 numbers -> EPERM             (x86_64 only)
//   for each forbidden number: equal -> EPERM
//   allow

import { arch, endianness } from "node:os";

const load = 0x20;
const equal = 0x15;
const atLeast = 0x35;
const give = 0x06;
const allow = 0x7fff0000;
const refuse = 0x00050000 | 1; // EPERM
const kill = 0x80000000;

const architectures: Record<string, { audit: number; column: 0 | 1 }> = {
  x64: { audit: 0xc000003e, column: 0 },
  arm64: { audit: 0xc00000b7, column: 1 },
};

/** Forbidden calls with their numbers on x86_64 and arm64 (null where there is none). */
const forbidden: Record<string, readonly [number, number | null]> = {
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  fanotify_init: [300, 262],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  syslog: [103, 116],
  quotactl: [179, 60],
  iopl: [172, null],
  ioperm: [173, null],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  vhangup: [153, 58],
};

/** The filter for this machine, or null when its architecture is not known. */
export function toFilter(architecture: string = arch()): Uint8Array | null {
  const here = architectures[architecture];
  if (!here || endianness() !== "LE") return null;
  const numbers = Object.values(forbidden)
    .map((pair) => pair[here.column])
    .filter((number) => number !== null);
  const program: [code: number, ifTrue: number, ifFalse: number, value: number][] = [
    [load, 0, 0, 4],
    [equal, 1, 0, here.audit],
    [give, 0, 0, kill],
    [load, 0, 0, 0],
  ];
  const tests: [number, number][] = numbers.map((number) => [equal, number]);
  if (architecture === "x64") tests.unshift([atLeast, 0x40000000]);
  // Each test jumps over the tests after it and over `allow`.
  for (const [i, [code, value]] of tests.entries()) program.push([code, tests.length - i, 0, value]);
  program.push([give, 0, 0, allow], [give, 0, 0, refuse]);
  const bytes = Buffer.alloc(program.length * 8);
  for (const [i, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(ifTrue, i * 8 + 2);
    bytes.writeUInt8(ifFalse, i * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4);
  }
  return bytes;
}
