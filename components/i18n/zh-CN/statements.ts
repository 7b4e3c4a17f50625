export default {
  title: "结算单",
};
