import { redirect } from "next/navigation";

/** The portal's door; who is not signed in is led on to the sign-in. */
export default function Home() {
  redirect("/overview");
}
