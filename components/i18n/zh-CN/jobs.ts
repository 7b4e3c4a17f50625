export default {
  title: "后台任务",
};
