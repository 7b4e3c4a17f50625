import fs from "node:fs";
import path from "node:path";
import { type BrowserContextOptions, request } from "@playwright/test";
import { withFileLock } from "../../db/locks";
import type { Role } from "../../server/core/permissions";

export interface SignIn {
  role: Role;
  email: string;
  password: string;
}
export type StorageState = Exclude<BrowserContextOptions["storageState"], string | undefined>;

const folder = () => process.env.KAQING_E2E_FOLDER ?? "";

/** The seed's people. */
export function signIns(): SignIn[] {
  const file = path.join(folder(), "sign-ins.json");
  const named = process.env.KAQING_E2E_SIGN_INS;
  return JSON.parse(fs.readFileSync(named || file, "utf8")) as SignIn[];
}

export function signInOf(role: Role): SignIn {
  const found = signIns().find((one) => one.role === role);
  if (!found) throw new Error(`The seed has no ${role}`);
  return found;
}

/** The cookies of a role, signed in once a run: sign-ins are rate-limited. `slug`: of another tenant than the seed's first. */
export async function signedIn(role: Role, origin: string, slug?: string): Promise<StorageState> {
  const file = path.join(folder(), `state-${slug ? `${slug}-` : ""}${role}.json`);
  const person = signInOf(role);
  const email = slug ? person.email.replace(/@[^.]+\./, `@${slug}.`) : person.email;
  await withFileLock(`${file}.lock`, async () => {
    if (!fs.existsSync(file)) await signIn({ ...person, email }, origin, file);
  });
  return JSON.parse(fs.readFileSync(file, "utf8")) as StorageState;
}

/** By the same two requests as the form. */
async function signIn(person: SignIn, origin: string, file: string): Promise<void> {
  const api = await request.newContext({ baseURL: origin });
  try {
    const { csrfToken } = (await (await api.get("/api/auth/csrf")).json()) as { csrfToken: string };
    const form = {
      csrfToken,
      email: person.email,
      password: person.password,
      json: "true",
      callbackUrl: "/",
    };
    const answer = await api.post("/api/auth/callback/credentials", { form, maxRedirects: 0 });
    const state = await api.storageState();
    if (!state.cookies.some((cookie) => cookie.name.endsWith("kq_session")))
      throw new Error(`${person.email} cannot sign in: ${answer.status()} ${await answer.text()}`);
    fs.writeFileSync(file, JSON.stringify(state), { mode: 0o600 });
  } finally {
    await api.dispose();
  }
}
