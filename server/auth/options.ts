import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { systemClock } from "@/server/core/context";
import { isDomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";
import { appDatabase } from "@/server/core/runtime";
import { authSecret } from "@/server/core/secrets";
import { type SessionClaims, signIn, signOut } from "@/server/domain/parties";
import { claimsOf, cookieOptions, isSecure, SESSION_SECONDS, sessionCookieName } from "./cookie";
import { clientAddress } from "./origin";
import { requestIdOf } from "./request";

/**
 * next-auth holds the sign-in form's CSRF check and the cookie; who may in is the domain's verb `signIn`.
 * What went wrong reaches the form as `CODE` or `RATE_LIMITED:seconds`.
 */
export function authOptions(): AuthOptions {
  const prefix = isSecure() ? "__Host-" : "";
  return {
    secret: authSecret(),
    session: { strategy: "jwt", maxAge: SESSION_SECONDS },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: { name: sessionCookieName(), options: cookieOptions() },
      csrfToken: { name: `${prefix}kq_csrf`, options: cookieOptions() },
      callbackUrl: { name: `${prefix}kq_callback`, options: cookieOptions() },
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {}, code: {} },
        async authorize(input, request) {
          const headers = new Headers((request.headers ?? {}) as Record<string, string>);
          try {
            const claims = await signIn(
              appDatabase(),
              {
                email: input?.email ?? "",
                password: input?.password ?? "",
                ...(input?.code ? { code: input.code } : {}),
              },
              {
                ip: clientAddress(headers),
                userAgent: headers.get("user-agent") ?? undefined,
                requestId: requestIdOf(headers),
              },
            );
            return { id: claims.userId, claims };
          } catch (error) {
            throw new Error(reasonOf(error));
          }
        },
      }),
    ],
    callbacks: {
      // Of the token nothing but the claims is kept: no name, no address.
      jwt({ token, user }) {
        const claims = user ? (user as { claims?: SessionClaims }).claims : claimsOf(token);
        return { ...claims };
      },
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) =>
        url.startsWith("/") && !url.startsWith("//") ? `${baseUrl}${url}` : baseUrl,
    },
    events: {
      async signOut({ token }) {
        const claims = claimsOf(token);
        if (claims) await signOut(appDatabase(), claims, systemClock);
      },
    },
    logger: {
      error: (code, metadata) =>
        logger.error(
          { errorCode: code, err: "error" in metadata ? metadata.error : metadata },
          "sign-in failed to work",
        ),
      warn: (code) => logger.debug({ errorCode: code }, "next-auth"),
      debug: () => {},
    },
  };
}

function reasonOf(error: unknown): string {
  if (!isDomainError(error)) {
    logger.error({ err: error }, "sign-in failed to work");
    return "INTERNAL";
  }
  return error.code === "RATE_LIMITED" ? `RATE_LIMITED:${error.params.seconds}` : error.code;
}
