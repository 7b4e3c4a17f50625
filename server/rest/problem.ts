import { ZodError } from "zod";
import type { $ZodErrorMap, $ZodIssue } from "zod/v4/core";
import { ERROR_KINDS, type ErrorCode, type ErrorParams, isDomainError } from "@/server/core/errors";
import { logger } from "@/server/core/logger";
import { type Answer, webResponse } from "./exchange";

/** Sentences for the caller, in the language it asked for. The dictionaries belong to the screens: the route brings them. */
export interface Reader {
  locale: string;
  /** The short name of what an HTTP status says. */
  title(status: number): string;
  sentence(code: ErrorCode, params: ErrorParams): string;
  /** That a voucher is named either by its code or by its id. */
  oneSubject(): string;
  /** What is wrong with one field: zod's words. */
  fieldError: $ZodErrorMap;
}

/** What is said of one refused item of a batch. */
export interface ItemProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  params: ErrorParams;
}

/** RFC 9457, with our code and its parameters beside. */
export interface Problem extends ItemProblem {
  instance: string;
  errors?: { path: string; code: string; message: string }[];
}

/** The input did not fit its schema. */
export class InputProblem extends Error {
  constructor(
    readonly issues: readonly $ZodIssue[],
    /** What the paths are relative to: "body", "query", "path". */
    readonly place: string,
  ) {
    super("INPUT_INVALID");
  }
}

/** Issues past this number are left out: one request may hold thousands. */
const MAX_ISSUES = 20;

/** The one mapping of an error to what the API says of it. An error nobody foresaw is logged and tells nothing. */
export function problemOf(error: unknown, reader: Reader, requestId: string): Problem {
  if (error instanceof InputProblem) return inputProblem(error, reader, requestId);
  if (error instanceof ZodError)
    return inputProblem(new InputProblem(error.issues, "input"), reader, requestId);
  if (isDomainError(error)) return domainProblem(error.code, error.params, reader, requestId);
  logger.error({ err: error, requestId }, "API request failed");
  return domainProblem("INTERNAL", {}, reader, requestId);
}

export function domainProblem(
  code: ErrorCode,
  params: ErrorParams,
  reader: Reader,
  requestId: string,
): Problem {
  return {
    ...itemProblem(code, params, reader, requestId),
    instance: `urn:kaqing:request:${requestId}`,
  };
}

export function itemProblem(
  code: ErrorCode,
  params: ErrorParams,
  reader: Reader,
  requestId: string,
): ItemProblem {
  const status = ERROR_KINDS[code];
  return {
    type: problemType(code),
    title: reader.title(status),
    status,
    detail: reader.sentence(code, { ...params, requestId }),
    code,
    params,
  };
}

export function problemType(code: ErrorCode): string {
  return `urn:kaqing:problem:${code.toLowerCase().replaceAll("_", "-")}`;
}

function inputProblem({ issues, place }: InputProblem, reader: Reader, requestId: string): Problem {
  const errors = issues.flatMap((issue) => fieldsOf(issue, place, reader)).slice(0, MAX_ISSUES);
  const path = errors[0]?.path ?? place;
  const code = codeOf(issues);
  return { ...domainProblem(code, { path }, reader, requestId), errors };
}

function fieldsOf(issue: $ZodIssue, place: string, reader: Reader): NonNullable<Problem["errors"]> {
  const path = issue.path.map((p) => (typeof p === "number" ? `[${p}]` : `.${String(p)}`)).join("");
  const base = `${place}${path}`;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: `${base}.${shown(key)}`,
      code: "UNKNOWN_FIELD",
      message: issue.message.length > 200 ? "" : issue.message,
    }));
  }
  if (isErrorCode(issue.message)) {
    return [{ path: base, code: issue.message, message: reader.sentence(issue.message, { path: base }) }];
  }
  if (issue.message === "VOUCHER_SUBJECT") {
    return [{ path: base, code: issue.message, message: reader.oneSubject() }];
  }
  return [{ path: base, code: issue.code.toUpperCase(), message: issue.message }];
}

/** A single complaint about money keeps its own code; all else is INPUT_INVALID. */
function codeOf(issues: readonly $ZodIssue[]): ErrorCode {
  const [first] = issues;
  return first && issues.length === 1 && isErrorCode(first.message) ? first.message : "INPUT_INVALID";
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_KINDS, text);
}

function shown(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}

export function problemAnswer(problem: Problem, headers: Record<string, string> = {}): Answer {
  return {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      "cache-control": "no-store",
      ...headers,
    },
    body: JSON.stringify(problem),
  };
}

export function problemResponse(problem: Problem, headers: Record<string, string> = {}): Response {
  return webResponse(problemAnswer(problem, headers));
}
