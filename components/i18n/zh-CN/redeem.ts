export default {
  title: "核销",
};
