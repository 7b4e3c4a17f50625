export default {
  title: "卡券",
};
