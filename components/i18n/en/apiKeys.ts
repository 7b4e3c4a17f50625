import type { Shape } from "../shape";
import type zh from "../zh-CN/apiKeys";

export default {
  title: "API keys",
  description:
    "Shops, tills and ERP systems call the API with a key. A key acts for one party, within its scopes.",
  docs: "API documentation",
  search: "Search by name, prefix or party",
  fields: {
    name: "Name",
    prefix: "Prefix",
    scopes: "Scopes",
    party: "Party",
    state: "State",
    created: "Created",
    expires: "Valid until",
    lastUsed: "Last used",
  },
  state: { active: "Active", ended: "Ended", expired: "Expired", revoked: "Revoked" },
  neverUsed: "never",
  noExpiry: "no end",
  empty: {
    title: "No API keys yet",
    description: "Make one for each system, so that each can be revoked by itself.",
  },
  create: {
    action: "New key",
    title: "New API key",
    nameHint: "The system or store it is for, say “Head office shop”.",
    scopesHint: "No more than is needed.",
    noScopes: "There is no part of the API for parties of this kind yet.",
    expires: "Valid until",
    expiresHint: "Ends with that day; empty for no end.",
    submit: "Make the key",
  },
  created: {
    title: "Keep the key",
    once: "The key is shown this once and never again. Put it into the secret store of the system it is for, now.",
    label: "Key",
    done: "I have saved it",
  },
  revoke: {
    action: "Revoke",
    title: "Revoke the key “{name}”?",
    description: "What uses it is refused within five seconds. This cannot be undone.",
    confirm: "Revoke the key",
    done: "The key is revoked",
  },
} satisfies Shape<typeof zh>;
