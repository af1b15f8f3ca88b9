// A throw-away PostgreSQL on a free port of this machine: `node tools/postgres.ts` prints its URL and ends it with Ctrl-C.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";

export interface ThrowAway {
  /** With user and password, which PostgreSQL does ask for. */
  readonly url: string;
  /** The server ends; its data stay for `start`. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** The server ends and its data are gone. */
  remove(): Promise<void>;
}

/** The folder of initdb and postgres: in PATH, or where Debian and Homebrew put them. Undefined where there is none. */
export function postgresFolder(): string | undefined {
  const versions = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .sort((a, b) => Number(b) - Number(a))
          .map((version) => join(folder, version, "bin"))
      : [];
  const places = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...versions("/usr/lib/postgresql"),
    "/usr/local/pgsql/bin",
    "/opt/homebrew/bin",
  ];
  const found = places.find((place) => ["initdb", "postgres"].every((name) => existsSync(join(place, name))));
  // Links to these two may stand where the others are missing.
  return found === undefined ? undefined : dirname(realpathSync(join(found, "initdb")));
}

const PASSWORD = "throw away";
/** `nobody`: PostgreSQL does not run as root. */
const NOBODY = 65534;
/** Milliseconds between looks whether it answers yet, and looks. */
const LOOK_EVERY = 50;
const LOOKS = 400;

export async function throwAwayPostgres(): Promise<ThrowAway> {
  const bin = postgresFolder();
  if (bin === undefined) throw new Error("no initdb and postgres on this machine");
  const as = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(join(tmpdir(), "crucis-postgres-"));
  const data = join(folder, "data");
  const word = join(folder, "password");
  writeFileSync(word, PASSWORD);
  if ("uid" in as) for (const path of [folder, word]) chownSync(path, NOBODY, NOBODY);
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "crucis", "-A", "scram-sha-256", `--pwfile=${word}`, "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...as, cwd: folder, stdio: ["ignore", "ignore", "inherit"] },
  );
  const port = await freePort();
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: folder, fsync: "off" };
    const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const child = spawn(join(bin, "postgres"), ["-D", data, ...args], { ...as, cwd: folder, stdio: "ignore" });
    server = child;
    for (let look = 0; look < LOOKS; look++) {
      if (child.exitCode !== null) throw new Error(`postgres ended with ${child.exitCode} as it began`);
      if (answers(bin, port)) return;
      await setTimeout(LOOK_EVERY);
    }
    throw new Error(`postgres does not answer on port ${port}`);
  };
  const stop = async (): Promise<void> => {
    const child = server;
    server = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    // Sessions are cut off, as when a machine goes down in order.
    child.kill("SIGINT");
    await ended;
  };
  // Were we to end without `remove`, the server would outlive us.
  process.once("exit", () => server?.kill("SIGQUIT"));
  await start();
  return {
    url: `postgres://crucis:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/postgres`,
    stop,
    start,
    async remove() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answers(bin: string, port: number): boolean {
  try {
    execFileSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as { port: number };
  await new Promise((resolve) => holder.close(resolve));
  return port;
}

if (import.meta.main) {
  const postgres = await throwAwayPostgres();
  process.stdout.write(`${postgres.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void postgres.remove().then(() => process.exit(0)));
}
