import { z } from "zod";
import { PASSWORD_MIN_LENGTH, password } from "@/server/domain/parties/schemas";

/** A new password, typed twice; how strong it is, the server judges. */
export const newPassword = password.min(PASSWORD_MIN_LENGTH);

export const passwordPair = z.object({ password: newPassword, repeat: z.string() });

export function isSame(value: { password: string; repeat: string }): boolean {
  return value.password === value.repeat;
}
