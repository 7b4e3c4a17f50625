import { z } from "zod";

export const findInput = z.object({ q: z.string().trim().min(1).max(80) });
