export default {
  title: "金额说明",
};
