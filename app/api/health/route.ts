import { appDatabase } from "@/server/core/runtime";

export const dynamic = "force-dynamic";

/** 200 while the database answers within two seconds, else 503. Tells nothing else. */
export async function GET(): Promise<Response> {
  const database = await isReachable();
  return Response.json(
    { status: database ? "ok" : "unavailable", database },
    { status: database ? 200 : 503, headers: { "Cache-Control": "no-store" } },
  );
}

async function isReachable(): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("timeout")), 2000);
  });
  try {
    await Promise.race([appDatabase().sql`select 1`, timeout]);
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
