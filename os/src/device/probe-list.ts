// The hostile probes, as data. Each is a program that runs in the sandbox and ends with 0 when the attack worked; what
// it prints is the detail. The variables are set by probe.ts: $PORT (a service of the host on its loopback), $VICTIM (a
// process of the host), $OUTSIDE (a folder beside the share), $HIDDEN (a folder of Hum inside the share), $READONLY (a
// read-only share), $SOCKET (an abstract socket of the host), $REALHOME (home of the person), $MARK.

/** One hostile program. */
export interface ProbeProgram {
  name: string;
  language: "bash" | "python";
  text: string;
}

const ptrace = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
pid = int(os.environ["VICTIM"])
r = libc.ptrace(16, pid, None, None)
print("attach", r, os.strerror(ctypes.get_errno()))
sys.exit(0 if r == 0 else 1)
`;

const abstract = `
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
try:
    s.connect("\\0" + os.environ["SOCKET"])
    print(s.recv(100))
except OSError as e:
    print(e); sys.exit(1)
`;

const setuid = `
import os, sys
for uid in (0, 65534):
    try:
        os.setuid(uid); print("now", os.getuid()); sys.exit(0)
    except OSError as e:
        print(e)
sys.exit(1)
`;

const keyring = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
r = libc.syscall(250, 0, -4, 0)  # keyctl(KEYCTL_GET_KEYRING_ID, user keyring)
print("keyctl", r, os.strerror(ctypes.get_errno()))
sys.exit(0 if r > 0 else 1)
`;

const forks = `
import os, sys, time
n = 0
try:
    for n in range(1000):
        if os.fork() == 0:
            time.sleep(30); os._exit(0)
except OSError as e:
    print(n, "ran, then:", e); sys.exit(1)
print(n + 1, "ran")
`;

const trace = `
import ctypes, os, sys, time
libc = ctypes.CDLL(None, use_errno=True)
pid = os.fork()
if pid == 0:
    time.sleep(5); os._exit(0)
r = libc.ptrace(16, pid, None, None)
print("attach", r, os.strerror(ctypes.get_errno()))
sys.exit(0 if r == 0 else 1)
`;

const bash = (name: string, text: string): ProbeProgram => ({ name, language: "bash", text });
const python = (name: string, text: string): ProbeProgram => ({ name, language: "python", text });

/** Every probe whose success shows inside the sandbox. */
export const probeList: readonly ProbeProgram[] = [
  bash("read /etc/shadow", "head -1 /etc/shadow"),
  bash("list the person's home", 'ls -A "$REALHOME" | grep .'),
  bash("list /root", "ls -A /root | grep ."),
  bash("read outside the share", 'cat "$OUTSIDE/secret"'),
  bash("read a folder of Hum inside the share", 'cat "$HIDDEN/journal" || ls -A "$HIDDEN" | grep .'),
  bash("write a folder of Hum inside the share", 'echo broken > "$HIDDEN/journal"'),
  bash("write outside through a link", 'ln -s "$OUTSIDE/secret" link; echo broken > link'),
  bash("write a read-only share", 'echo broken > "$READONLY/file"'),
  bash("write /usr", "touch /usr/bin/hum-probe"),
  bash("write the root folder", "touch /hum-probe"),
  bash("reach the network by TCP", "timeout 3 bash -c 'exec 9<>/dev/tcp/1.1.1.1/443' && echo connected"),
  bash("resolve a name by DNS", "timeout 3 getent hosts example.org"),
  bash("reach a service of this machine", 'timeout 3 bash -c "cat < /dev/tcp/127.0.0.1/$PORT"'),
  python("reach an abstract socket of this machine", abstract),
  bash("find sockets of services", "find /run /var/run /tmp -type s 2>/dev/null | grep ."),
  bash(
    "see processes of this machine",
    'tr "\\0" " " < /proc/$VICTIM/cmdline | grep "$MARK" || pgrep -af "$MARK" | grep sleep',
  ),
  bash("kill a process of this machine", 'kill -9 "$VICTIM"'),
  python("trace a process of this machine", ptrace),
  python("trace a process of its own", trace),
  bash("read memory of a process of this machine", "head -c 1 /proc/$VICTIM/mem | grep -q ."),
  bash(
    "find secrets in the environment",
    "env | grep HUM_PROBE_SECRET || cat /proc/*/environ 2>/dev/null | grep -a HUM_PROBE_SECRET",
  ),
  bash("mount a file system", "mkdir -p m; mount -t tmpfs none m"),
  bash("make a new user namespace", "unshare -U true && echo made"),
  bash("become root again", "unshare -Ur id -u; chroot / true"),
  python("change the user", setuid),
  bash(
    "read a raw disk",
    'for d in /dev/sd? /dev/vd? /dev/nvme* /dev/dm-*; do head -c 1 "$d" > /dev/null 2>&1 && echo "$d" && exit 0; done; mknod disk b 254 0',
  ),
  bash("set a kernel parameter", "exec 9>>/proc/sys/kernel/core_pattern && echo opened"),
  bash(
    "use the magic system request",
    "exec 9>/proc/sysrq-trigger && [ ! -c /proc/sysrq-trigger ] && echo opened",
  ),
  bash("read kernel messages", "dmesg | grep ."),
  bash("write into /sys", "ls /sys/kernel && touch /sys/kernel/hum"),
  bash("set the clock", "date -s 2001-01-01"),
  bash("type into the terminal of the person", "exec 9<>/dev/tty && echo opened"),
  python("reach the person's key ring", keyring),
  bash(
    "write one endless file",
    "head -c 3G /dev/zero > big; s=$(stat -c %s big); rm -f big; echo $s; [ $s -ge 3000000000 ]",
  ),
  bash(
    "fill the private /tmp",
    "head -c 2G /dev/zero > /tmp/big; s=$(stat -c %s /tmp/big); echo $s; [ $s -ge 2000000000 ]",
  ),
  python("start 1,000 processes", forks),
  python(
    "take 4 GB of memory",
    "b = bytearray(4 << 30)\nfor i in range(0, len(b), 4096): b[i] = 1\nprint('taken')",
  ),
];

/** What must work inside. */
export const controlList: readonly ProbeProgram[] = [
  bash("run a command", "echo works"),
  bash("write in the share", 'echo content > made && [ "$(cat made)" = content ]'),
  bash("read a read-only share", 'grep -q content "$READONLY/file"'),
  bash("use a private /tmp", "echo x > /tmp/x && cat /tmp/x"),
  bash("use pipes and the usual tools", "seq 3 | sort -r | awk '{s+=$1} END {exit s!=6}'"),
  bash("start 20 processes", "for i in {1..20}; do sleep 0.1 & done; wait"),
  python(
    "run Python",
    "import json, sqlite3, threading\nprint(json.dumps(sqlite3.connect(':memory:').execute('select 1').fetchall()))",
  ),
];
