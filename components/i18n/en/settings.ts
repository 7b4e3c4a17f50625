import type { Shape } from "../shape";
import type zh from "../zh-CN/settings";

export default {
  title: "Platform settings",
  description:
    "They hold for the whole platform from the next request on. Each change is entered in the audit log.",
  tenant: {
    title: "Platform",
    name: "Name",
    slug: "Short name",
    currency: "Currency",
    timezone: "Time zone",
  },
  redemption: {
    title: "Redemption",
    undoMinutes: "Minutes to undo",
    undoMinutesHint:
      "In this time a merchant may undo a redemption of its own; later support reverses it. 0 for never.",
    lockMinutes: "Minutes a hold lasts",
    lockMinutesHint: "How long a checkout holds a voucher unless it says otherwise.",
    reversedVoucher: "When a redemption is reversed whole, the voucher",
    reversedIssued: "can be used again",
    reversedIssuedHint: "By its holder, within its validity.",
    reversedVoid: "is void",
    reversedVoidHint: "Its holder cannot use it any more.",
  },
  cards: {
    title: "Card-keys",
    orderHoldMinutes: "Minutes an unpaid order holds its keys",
    orderHoldMinutesHint: "Then the order expires and the keys can be sold again.",
    pickupDays: "Days a pick-up link works",
    pickupDaysHint: "Counted from delivery; support can make a new link.",
    uplineLevels: "Levels of recruiters that earn of a sale",
    uplineLevelsHint: "0 to 3. What each level earns stands in the split rules.",
    autoReissueMinutes: "Replace the first reported key by itself within so many minutes of showing it",
    autoReissueMinutesHint: "0: support confirms every report.",
  },
  rules: {
    title: "Split rules",
    fourEyes: "Two people publish a rule",
    fourEyesHint:
      "Whoever drafted a version cannot bring it into force; another operator or finance approves it.",
  },
  security: {
    title: "Security",
    secondFactorRoles: "Roles that need two-factor sign-in",
    secondFactorRolesHint:
      "Users without it can open “My account” only until they set it up. Include at least the roles that move money.",
    selfWarning: "You have no second factor yet: after saving, set it up before you go on.",
  },
  save: "Save settings",
  saved: "Settings saved",
} satisfies Shape<typeof zh>;
