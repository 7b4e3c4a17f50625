import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { asUser, type Host, memory, prepareHost, reachablePlace, runProgram } from "./embedded-host";
import { birthOf, commandOf, isAlive, Leases, withFileLock } from "./locks";

/**
 * The PostgreSQL that comes with Kaqing. It runs apart from whoever started it and is shared: the first to
 * open it starts it, the last to release it stops it, and what a `kill -9` leaves behind — a dead server's
 * files, a server without users — is found and taken over by the next one who opens it.
 */

/** Owns the tables and migrates; not a superuser, so that what works here works on a managed server. */
export const OWNER_ROLE = "kaqing";

export interface ClusterOptions {
  /** Holds the cluster (`postgres/`), its ports and passwords (`postgres.json`, mode 0600) and its log. */
  folder: string;
  /** false: nothing is flushed to disk. For tests only. */
  durable?: boolean;
  /** Further settings, by name. */
  settings?: Record<string, string>;
  say?: (line: string) => void;
}

export interface Cluster {
  readonly port: number;
  /** Address of a database of the cluster for its owner. */
  url(database?: string): string;
  /** Creates the database unless it exists. */
  ensureDatabase(name: string): Promise<void>;
  /** Starts PostgreSQL again, on the same port, whenever it dies. */
  keepRunning(): void;
  /** Stops PostgreSQL if nobody else uses it. */
  release(): Promise<void>;
}

interface Kept {
  port?: number;
  /** Only if the cluster lies elsewhere than in the folder. */
  place?: string;
  superPassword: string;
  ownerPassword: string;
  prepared?: boolean;
}

export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = path.resolve(options.folder);
  const say = options.say ?? (() => {});
  makeFolder(folder);
  const lockFile = path.join(folder, "postgres.lock");
  const leases = new Leases(path.join(folder, "postgres.users"));
  const waiting = () => say("Another process is starting or stopping the database: waiting for it.");
  const locked = <T>(work: () => Promise<T>) => withFileLock(lockFile, work, { waiting });

  let server = await locked(async () => {
    leases.take();
    try {
      return await startOrReuse(folder, options, say);
    } catch (error) {
      leases.giveBack();
      throw error;
    }
  });

  let watch: NodeJS.Timeout | undefined;
  let restarting: Promise<void> | undefined;
  let released = false;

  const restart = async () => {
    say("PostgreSQL has died: starting it again.");
    try {
      server = await locked(() => startOrReuse(folder, options, say));
      say("PostgreSQL runs again.");
    } catch (error) {
      say(`PostgreSQL could not be started again: ${(error as Error).message}`);
      await sleep(5000);
    }
  };

  return {
    get port() {
      return server.port;
    },
    url: (database = OWNER_ROLE) => server.url(database),
    ensureDatabase: (name) => ensureDatabase(server, name),
    keepRunning() {
      watch ??= setInterval(() => {
        if (restarting || released || isAlive(server.pid)) return;
        restarting = restart().finally(() => {
          restarting = undefined;
        });
      }, 500);
    },
    async release() {
      if (released) return;
      released = true;
      clearInterval(watch);
      await restarting;
      await locked(async () => {
        if (!leases.giveBack().others) await stop(server);
      });
    },
  };
}

interface Server {
  pid: number;
  port: number;
  place: string;
  host: Host;
  url(database: string, role?: "owner" | "super"): string;
}

async function startOrReuse(
  folder: string,
  options: ClusterOptions,
  say: (line: string) => void,
): Promise<Server> {
  const wanted = path.join(folder, "postgres");
  const existing = readKept(folder);
  const kept: Kept = existing ?? { superPassword: secret(), ownerPassword: secret() };
  const known = [kept.place, wanted].find((place) => place && fs.existsSync(path.join(place, "PG_VERSION")));
  const host = await prepareHost(known ? fs.statSync(known).uid : null, say);
  const place = known ?? reachablePlace(wanted, host.user, say);
  if (place !== wanted) kept.place = place;
  if (!known) {
    setAside(place, say);
    keep(folder, kept);
    initialise(place, kept, host, options);
  } else {
    checkVersion(place, host);
    if (!existing) {
      await stopRunning(place, host);
      setPassword(place, kept, host);
      keep(folder, kept);
    }
  }

  const server = (pid: number, port: number): Server => ({
    pid,
    port,
    place,
    host,
    url: (database, role = "owner") => {
      const [user, password] =
        role === "super" ? ["postgres", kept.superPassword] : [OWNER_ROLE, kept.ownerPassword];
      return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
    },
  });

  let running = findRunning(place);
  if (running && !(await answers(server(running.pid, running.port)))) {
    say("A PostgreSQL left over does not answer: stopping it.");
    await stopRunning(place, host);
    running = null;
  }
  if (!running) {
    running = await start(place, kept.port, host, folder, options, say);
    kept.port = running.port;
    keep(folder, kept);
  }
  const started = server(running.pid, running.port);
  if (!kept.prepared) {
    await prepare(started, kept);
    kept.prepared = true;
    keep(folder, kept);
  }
  return started;
}

// ── its making ──

function initialise(place: string, kept: Kept, host: Host, options: ClusterOptions): void {
  const partial = `${place}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { mode: 0o700 });
  const passwordFile = `${place}.password`;
  fs.rmSync(passwordFile, { force: true });
  fs.writeFileSync(passwordFile, `${kept.superPassword}\n`, { mode: 0o600 });
  if (host.user) {
    fs.chownSync(partial, host.user.uid, host.user.gid);
    fs.chownSync(passwordFile, host.user.uid, host.user.gid);
  }
  try {
    const args = [`--pgdata=${partial}`, "--username=postgres", `--pwfile=${passwordFile}`];
    args.push("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C");
    args.push("--locale-provider=builtin", "--builtin-locale=C.UTF-8");
    if (options.durable === false) args.push("--no-sync");
    runProgram(host.programs.initdb, args, host.user);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
  // A cluster that was interrupted while it was made is never taken for one.
  fs.renameSync(partial, place);
}

/** What lies in the way of a new cluster is none of ours, or its passwords are lost with its data folder. */
function setAside(place: string, say: (line: string) => void): void {
  if (!fs.existsSync(place)) return;
  const aside = `${place}.${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  fs.renameSync(place, aside);
  say(`Found ${place} without its settings: moved it to ${aside}.`);
}

/**
 * For the C library: a server process keeps the memory that one statement needed for the next one, instead of giving
 * it back and having every page of it made anew.
 */
const KEPT_MEMORY = {
  MALLOC_TOP_PAD_: "33554432",
  MALLOC_TRIM_THRESHOLD_: "536870912",
  MALLOC_MMAP_THRESHOLD_: "536870912",
};

async function prepare(server: Server, kept: Kept): Promise<void> {
  await withClient(server.url("postgres", "super"), async (sql) => {
    const [role] = await sql`select 1 from pg_roles where rolname = ${OWNER_ROLE}`;
    const verb = role ? "alter" : "create";
    await sql.unsafe(`${verb} role ${OWNER_ROLE} login createrole createdb password '${kept.ownerPassword}'`);
    await sql.unsafe(`grant pg_monitor, pg_checkpoint, pg_signal_backend to ${OWNER_ROLE}`);
    await sql.unsafe(`revoke all on database postgres, template1 from public`);
    await sql.unsafe(`grant connect on database postgres, template1 to ${OWNER_ROLE}`);
  });
}

async function ensureDatabase(server: Server, name: string): Promise<void> {
  await withClient(server.url("postgres"), async (sql) => {
    const [found] = await sql`select 1 from pg_database where datname = ${name}`;
    if (!found) await sql.unsafe(`create database "${name}"`);
  });
}

/** Without its password file a cluster is opened by its files' owner. */
function setPassword(place: string, kept: Kept, host: Host): void {
  const statement = `alter role postgres password '${kept.superPassword}';\n`;
  runProgram(host.programs.postgres, ["--single", "-D", place, "postgres"], host.user, statement);
}

function checkVersion(place: string, host: Host): void {
  const made = fs.readFileSync(path.join(place, "PG_VERSION"), "utf8").trim();
  const ours = /(\d+)/.exec(runProgram(host.programs.postgres, ["--version"], host.user))?.[1];
  if (made !== ours)
    throw new Error(
      `The database in ${place} was made by PostgreSQL ${made}; this Kaqing brings ${ours}. Dump it with the Kaqing that made it, and load it into a new folder.`,
    );
}

// ── its life ──

interface Running {
  pid: number;
  port: number;
}

/** The postmaster of the folder, or null. Clears the file of one that is dead. */
function findRunning(place: string): Running | null {
  const file = path.join(place, "postmaster.pid");
  const lines = readLines(file);
  if (!lines) return null;
  const pid = Number(lines[0]);
  if (isAlive(pid) && isPostmasterOf(pid, place)) return { pid, port: Number(lines[3]) };
  // The number may meanwhile be another process's, which PostgreSQL itself would take for the old server.
  fs.rmSync(file, { force: true });
  return null;
}

function isPostmasterOf(pid: number, place: string): boolean {
  if (process.platform === "linux") {
    try {
      return fs.readlinkSync(`/proc/${pid}/cwd`) === fs.realpathSync(place);
    } catch {
      // not ours to look at: judge by its command line
    }
  }
  const command = commandOf(pid);
  return command === "" || (command.includes("postgres") && command.includes(place));
}

async function start(
  place: string,
  portBefore: number | undefined,
  host: Host,
  folder: string,
  options: ClusterOptions,
  say: (line: string) => void,
): Promise<Running> {
  const logFile = path.join(folder, "postgres.log");
  const until = Date.now() + 15_000;
  let port = await freePort(portBefore);
  for (;;) {
    const logStart = openLog(logFile);
    const log = fs.openSync(logFile, "a", 0o600);
    const child = spawn(host.programs.postgres, ["-D", place, ...flags(port, options)], {
      ...asUser(host.user),
      cwd: place,
      detached: true, // Ctrl-C is for whoever started it, who stops it when its users are gone
      stdio: ["ignore", log, log],
      env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC", ...KEPT_MEMORY },
    });
    fs.closeSync(log);
    child.unref();
    const running = await becomesReady(child, place, port, say);
    if (running) return running;
    const said = fs.readFileSync(logFile, "utf8").slice(logStart);
    const portTaken = /could not (bind|create any TCP)/.test(said);
    const stillEnding = /pre-existing shared memory block|lock file .* already exists/.test(said);
    if (Date.now() > until || !(portTaken || stillEnding))
      throw new Error(`PostgreSQL does not start:\n${said.trim()}`);
    if (portTaken) port = await freePort();
    else await sleep(250); // the processes of a killed server take a moment to notice
    findRunning(place);
  }
}

async function becomesReady(
  child: ReturnType<typeof spawn>,
  place: string,
  port: number,
  say: (line: string) => void,
): Promise<Running | null> {
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", () => {
    ended = true;
  });
  const began = Date.now();
  let told = false;
  while (!ended) {
    const lines = readLines(path.join(place, "postmaster.pid"));
    if (lines && Number(lines[0]) === child.pid && lines[7]?.trim() === "ready")
      return { pid: child.pid ?? 0, port };
    if (!told && Date.now() - began > 5000) {
      say("PostgreSQL is repairing its files after a crash …");
      told = true;
    }
    await sleep(20);
  }
  return null;
}

function flags(port: number, options: ClusterOptions): string[] {
  const settings: Record<string, string> = {
    port: String(port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    // What PostgreSQL's manual advises for a server of its own; it takes it as it comes to use it.
    shared_buffers: memory(4096, 1 / 4),
    effective_cache_size: memory(8192, 1 / 2),
    maintenance_work_mem: "128MB",
    work_mem: "16MB",
    min_dynamic_shared_memory: "32MB", // containers give /dev/shm little
    max_wal_size: "2GB",
    checkpoint_timeout: "15min",
    random_page_cost: "1.1",
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    ...(options.durable === false
      ? {
          fsync: "off",
          synchronous_commit: "off",
          full_page_writes: "off",
          shared_buffers: memory(128, 1 / 8),
        }
      : { fsync: "on", synchronous_commit: "on" }),
    ...options.settings,
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

/** True once it lets us in; false if it does not within a minute, or is not the one whose passwords we keep. */
async function answers(server: Server): Promise<boolean> {
  const until = Date.now() + 60_000;
  while (Date.now() < until && isAlive(server.pid)) {
    try {
      await withClient(server.url("postgres", "super"), (sql) => sql`select 1`);
      return true;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "28P01") return false;
      await sleep(250);
    }
  }
  return false;
}

async function stop(server: Server): Promise<void> {
  if (isAlive(server.pid)) await stopRunning(server.place, server.host);
}

async function stopRunning(place: string, host: Host): Promise<void> {
  const running = findRunning(place);
  if (!running) return;
  const born = birthOf(running.pid);
  const gone = () => !isAlive(running.pid) || birthOf(running.pid) !== born;
  for (const mode of ["fast", "immediate"]) {
    try {
      const args = ["stop", "-D", place, "-m", mode, "-W"];
      runProgram(host.programs.pgCtl, args, host.user);
    } catch (error) {
      if (gone()) return;
      if (mode === "immediate") throw error;
    }
    for (let waited = 0; waited < 60_000; waited += 50) {
      if (gone()) return;
      await sleep(50);
    }
  }
  process.kill(running.pid, "SIGKILL");
}

// ── small things ──

function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(folder, 0o711); // the database's user passes through; what is secret inside is 0600
}

function readKept(folder: string): Kept | null {
  const file = path.join(folder, "postgres.json");
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EACCES")
      throw new Error(`${file} belongs to another user: was Kaqing started as root before?`);
    return null;
  }
}

function keep(folder: string, kept: Kept): void {
  const file = path.join(folder, "postgres.json");
  fs.rmSync(`${file}.new`, { force: true });
  fs.writeFileSync(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

function secret(): string {
  return randomBytes(24).toString("hex");
}

function readLines(file: string): string[] | null {
  try {
    return fs.readFileSync(file, "utf8").split("\n");
  } catch {
    return null;
  }
}

/** Starts a new log when the old one is long; returns where new lines begin. */
function openLog(file: string): number {
  const length = fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (length < 8 * 1024 * 1024) return length;
  fs.renameSync(file, `${file}.old`);
  return 0;
}

async function freePort(preferred = 0): Promise<number> {
  const port = await new Promise<number | null>((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(null));
    probe.listen(preferred, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
  return port ?? freePort();
}

async function withClient<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
