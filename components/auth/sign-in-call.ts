import { DomainError, ERROR_KINDS, type ErrorCode } from "@/server/core/errors";

/** Signs in through next-auth's form; throws a DomainError with the reason. */
export async function signInWith(input: { email: string; password: string; code?: string }): Promise<void> {
  const first = await fetch("/api/auth/csrf", { cache: "no-store" });
  if (!first.ok) throw new DomainError("INTERNAL");
  const { csrfToken } = (await first.json()) as { csrfToken: string };
  const body = new URLSearchParams({ csrfToken, json: "true", callbackUrl: "/", ...input });
  const answer = await fetch("/api/auth/callback/credentials", { method: "POST", body, cache: "no-store" });
  const { url = "" } = (await answer.json().catch(() => ({}))) as { url?: string };
  const result = new URL(url, window.location.origin).searchParams;
  if (result.get("csrf")) throw new DomainError("CROSS_ORIGIN");
  const reason = result.get("error");
  if (reason) throw errorOf(reason);
  if (!answer.ok) throw new DomainError("INTERNAL");
}

function errorOf(reason: string): DomainError {
  const [code = "", seconds] = reason.split(":");
  if (!Object.hasOwn(ERROR_KINDS, code)) return new DomainError("INTERNAL");
  return new DomainError(code as ErrorCode, seconds ? { seconds: Number(seconds) } : {});
}

/** Where to go after sign-in: a path of ours, never another site. */
export function safePath(next: string | null | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith("/sign-in") ? next : "/";
}
