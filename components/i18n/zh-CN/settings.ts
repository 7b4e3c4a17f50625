export default {
  title: "平台设置",
};
