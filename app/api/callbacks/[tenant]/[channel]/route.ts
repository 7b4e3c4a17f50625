import { answerCallback } from "@/server/rest/callback";

export const dynamic = "force-dynamic";

type Params = { params: Promise<{ tenant: string; channel: string }> };

/** Where payment channels tell that something came: see `answerCallback`. */
export async function POST(request: Request, { params }: Params): Promise<Response> {
  const { tenant, channel } = await params;
  return answerCallback(request, { slug: tenant, channelId: channel });
}
