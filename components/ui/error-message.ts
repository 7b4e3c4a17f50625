"use client";

import { useCallback } from "react";
import { useDescribeError } from "@/components/i18n/use-describe-error";
import type { ErrorCode, ErrorParams } from "@/server/core/errors";
import { ERROR_KINDS } from "@/server/core/errors";

export interface ExplainedError {
  code: ErrorCode | "OFFLINE";
  params: ErrorParams;
  /** What happened, what it means for the money, what to do: in the reader's language. */
  message: string;
  /** Finds the log line. */
  requestId: string | null;
  /** Problems of the input, by path, as the server found them. */
  issues: readonly { path: string; message: string }[];
}

/** What a failed call carries, whatever it failed of. */
export function readError(error: unknown): Omit<ExplainedError, "message"> {
  const data = property(property(error, "data"), "error");
  const code = property(data, "code");
  if (isErrorCode(code)) {
    const requestId = property(data, "requestId");
    const issues = property(data, "issues");
    return {
      code,
      params: (property(data, "params") as ErrorParams | undefined) ?? {},
      requestId: typeof requestId === "string" && requestId !== "" ? requestId : null,
      issues: Array.isArray(issues) ? issues : [],
    };
  }
  const own = property(error, "code");
  if (isErrorCode(own)) {
    return {
      code: own,
      params: (property(error, "params") as ErrorParams) ?? {},
      requestId: null,
      issues: [],
    };
  }
  // A tRPC client error without an answer: the request did not reach the server, or the answer did not reach us.
  const name = property(error, "name");
  const offline = error instanceof TypeError || (name === "TRPCClientError" && data === undefined);
  return { code: offline ? "OFFLINE" : "INTERNAL", params: {}, requestId: null, issues: [] };
}

/** Turns whatever a call threw into a sentence with its reference number. */
export function useErrorMessage(): (error: unknown) => ExplainedError {
  const sentence = useDescribeError();
  return useCallback(
    (error) => {
      const read = readError(error);
      return { ...read, message: sentence(read.code, read.params) };
    },
    [sentence],
  );
}

/** The sentence of a bare code, e.g. of a job's result or a rejected line. */
export function useErrorText(): (code: ErrorCode, params?: ErrorParams) => string {
  return useDescribeError();
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(ERROR_KINDS, value);
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
