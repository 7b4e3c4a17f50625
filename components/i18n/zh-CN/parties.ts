export default {
  title: "参与方",
};
