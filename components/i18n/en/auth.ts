import type { Shape } from "../shape";
import type zh from "../zh-CN/auth";

export default {
  title: "Sign in",
  subtitle: "Sign in to go on",
  email: "Email",
  password: "Password",
  submit: "Sign in",
  forgot: "Forgot your password? An administrator can make you a link for a new one on the “Users” page.",
  secondFactor: {
    title: "Two-factor sign-in",
    subtitle: "Open the authenticator app on your phone and enter the six digits it shows now.",
    code: "Code",
    codeHint: "Phone not at hand? A recovery code does as well; each works once.",
    submit: "Verify and sign in",
    back: "Use another account",
  },
  signedOut: "You have signed out.",
  ended: "Your session has ended. Please sign in again.",
  invite: {
    title: "Join {tenant}",
    subtitle: "You are invited to join {party} as {role}. Choose a password to sign in.",
    renewTitle: "Choose a new password",
    renewSubtitle: "A new password for {email}. Saving it ends this account's sessions on all devices.",
    name: "Name",
    password: "New password",
    passwordHint:
      "At least {minimum} characters, without your name or address. A few unrelated words are both safe and easy to remember.",
    repeat: "Once more",
    mismatch: "The two passwords differ.",
    submit: "Save the password and sign in",
    validUntil: "The link is valid until {time}",
    invalidTitle: "The link does not work",
    goToSignIn: "Go to sign-in",
  },
} satisfies Shape<typeof zh>;
