export default {
  title: "我的卡券",
};
