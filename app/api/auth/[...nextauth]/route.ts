import NextAuth from "next-auth";
import { authOptions } from "@/server/auth/options";

type Context = { params: Promise<{ nextauth: string[] }> };

const handler: (req: Request, context: Context) => Promise<Response> = (req, context) =>
  NextAuth(req as never, context as never, authOptions());

export { handler as GET, handler as POST };
