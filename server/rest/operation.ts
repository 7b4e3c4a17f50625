import type { z } from "zod";
import type { Ctx } from "@/server/core/context";
import type { ErrorCode, ErrorParams } from "@/server/core/errors";
import type { ApiScope } from "@/server/core/permissions";
import type { ItemProblem } from "./problem";

type Shape = z.ZodObject | undefined;
type Output<S extends Shape> = S extends z.ZodObject ? z.output<S> : undefined;

/** What the document says, in the languages it is read in. */
export interface Words {
  en: string;
  zh: string;
}

export interface Reply {
  status: number;
  body: unknown;
  /** The result of an earlier request with the same Idempotency-Key. */
  replayed?: boolean;
}

export interface Call<P extends Shape = undefined, Q extends Shape = undefined, B extends Shape = undefined> {
  ctx: Ctx;
  params: Output<P>;
  query: Output<Q>;
  body: Output<B>;
  /** Present where the operation asks for one. */
  idempotencyKey: string;
  /** A refusal of one item, in the caller's language. */
  refusal(code: ErrorCode, params: ErrorParams): ItemProblem;
}

/** One operation of the API: its handler, its checks and its documentation are all made from this. */
export interface Operation<P extends Shape = Shape, Q extends Shape = Shape, B extends Shape = Shape> {
  id: string;
  method: "GET" | "POST";
  /** Under /api/v1, with `{name}` for a segment. */
  path: string;
  tag: "Vouchers" | "Redemptions" | "Campaigns" | "Orders";
  scope: ApiScope;
  summary: Words;
  description?: Words;
  params?: P;
  query?: Q;
  body?: B;
  /** Bytes. */
  bodyLimit?: number;
  /** It changes something: an Idempotency-Key is required, and replays. */
  idempotent: boolean;
  /** What the examples of the document show. */
  example?: unknown;
  reply: { status: 200 | 201; description: Words; schema: z.ZodType; example: unknown };
  /** What its verb may refuse, beside what every operation may. */
  errors: readonly ErrorCode[];
  handle(call: Call<P, Q, B>): Promise<Reply>;
}

/** Infers the types of the handler's arguments from the schemas. */
export function operation<
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
>(definition: Operation<P, Q, B>): Operation {
  return definition as unknown as Operation;
}
