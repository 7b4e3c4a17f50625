import { hash, verify } from "@node-rs/argon2";
import { DomainError } from "@/server/core/errors";
import { PASSWORD_MIN_LENGTH } from "./schemas";

/** Argon2id as OWASP advises: 19 MiB, two passes, one lane. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFKC"), PARAMETERS);
}

/** Works as long for nobody (`null`) as for a user, so that the time tells nothing. */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  nobody ??= hashPassword("nobody has this password");
  const known = passwordHash?.startsWith("$argon2") ? passwordHash : null;
  const fits = await verify(known ?? (await nobody), password.normalize("NFKC"));
  return known !== null && fits;
}
let nobody: Promise<string> | undefined;

/** Throws PASSWORD_WEAK with the reason: `short`, `personal` or `common`. */
export function requireStrongPassword(password: string, person: { email: string; name: string }): void {
  const text = password.normalize("NFKC");
  const refuse = (reason: string): never => {
    throw new DomainError("PASSWORD_WEAK", { reason, minimum: PASSWORD_MIN_LENGTH });
  };
  if ([...text].length < PASSWORD_MIN_LENGTH) refuse("short");
  const lower = text.toLowerCase();
  const own = [person.email.split("@")[0] ?? "", person.email, person.name].map((part) => part.toLowerCase());
  if (own.some((part) => part.length >= 4 && lower.replaceAll(part, "").length < 6)) refuse("personal");
  if (new Set(lower).size < 5 || isRun(lower) || COMMON.some((word) => lower.replace(word, "").length < 5))
    refuse("common");
}

/** `abcdefghij`, `9876543210`: each character the neighbour of the one before. */
function isRun(text: string): boolean {
  const codes = [...text].map((char) => char.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((value, i) => value - (codes[i] ?? 0));
  return steps.every((step) => step === 1 || step === -9) || steps.every((step) => step === -1 || step === 9);
}

/** What most guessed passwords are made of. */
const COMMON = [
  "password",
  "passw0rd",
  "p@ssword",
  "p@ssw0rd",
  "qwertyuiop",
  "qwerty",
  "1qaz2wsx",
  "asdfghjkl",
  "1234567890",
  "123456789",
  "12345678",
  "123456",
  "111111",
  "000000",
  "woaini",
  "iloveyou",
  "administrator",
  "admin",
  "welcome",
  "letmein",
  "kaqing",
];
