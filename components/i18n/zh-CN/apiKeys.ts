export default {
  title: "API 密钥",
};
