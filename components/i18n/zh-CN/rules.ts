export default {
  title: "分账规则",
};
