import account from "./account";
import apiDocs from "./apiDocs";
import apiKeys from "./apiKeys";
import audit from "./audit";
import auth from "./auth";
import calendar from "./calendar";
import campaigns from "./campaigns";
import channels from "./channels";
import commission from "./commission";
import common from "./common";
import distributors from "./distributors";
import errors from "./errors";
import exports from "./exports";
import fees from "./fees";
import imports from "./imports";
import jobs from "./jobs";
import months from "./months";
import nav from "./nav";
import orders from "./orders";
import overview from "./overview";
import parties from "./parties";
import prices from "./prices";
import products from "./products";
import redeem from "./redeem";
import redemptions from "./redemptions";
import replays from "./replays";
import rules from "./rules";
import settings from "./settings";
import shop from "./shop";
import statements from "./statements";
import stock from "./stock";
import store from "./store";
import suppliers from "./suppliers";
import trace from "./trace";
import users from "./users";
import vouchers from "./vouchers";
import wallet from "./wallet";
import wallets from "./wallets";

export default {
  account,
  apiDocs,
  apiKeys,
  audit,
  auth,
  calendar,
  campaigns,
  channels,
  commission,
  common,
  distributors,
  errors,
  exports,
  fees,
  imports,
  jobs,
  months,
  nav,
  orders,
  overview,
  parties,
  prices,
  products,
  redeem,
  redemptions,
  replays,
  rules,
  settings,
  shop,
  statements,
  stock,
  store,
  suppliers,
  trace,
  users,
  vouchers,
  wallet,
  wallets,
};
