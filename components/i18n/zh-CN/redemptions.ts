export default {
  title: "核销记录",
};
