"""Verbs of official documents, and how each is named when the deed becomes a thing."""

from __future__ import annotations

# What is done and, behind the object, what it is called: 提升…能力 is …能力提升. Nothing where the
# object says it itself: 开展…检查 is …检查.
NAMED: dict[str, str] = {
    **dict.fromkeys(
        "组织开展 组织实施 开展 组织 举办 召开 举行 进行 实施 推进 推动 抓好 抓实 做好 办好 强化 加强 加大 深化 持续推进 建立健全 建立完善 建立"
        " 健全 完善 发挥 履行 执行 纳入 参与 参加 配合 争取 助力 鼓励 引导 指导 督促 动员 支持和引导 鼓励和引导 引导和鼓励 推动落实 助力推进 探索"
        " 统筹 协调 保障 维护 严守 助推 赋能 防范 防控 防止 宣传贯彻 督促指导 指导督促 加快推进 深入推进 全面推进 探索推进 协同推进 统筹推进".split(),
        "",
    ),
    **dict.fromkeys("制定 编制 修订 制修订 起草 拟定 研究制定 出台 印发 签订 列出 梳理".split(), ""),
    **dict.fromkeys("建设 建成 新建 打造 创建 构建 搭建 建造 筹建 设立 设置 布设 建好".split(), "建设"),
    **dict.fromkeys("组建 成立".split(), "组建"),
    **dict.fromkeys("提升 提高 增强".split(), "提升"),
    **dict.fromkeys("整治 治理 清理 集中整治 清理整治 专项整治".split(), "整治"),
    **dict.fromkeys("打击 严打 严厉打击 严查 严惩 严防 重点打击 突出打击 严打重处 依法打击 从严打击 惩治".split(), "打击"),
    **dict.fromkeys("查处 查办 立案查处 依法查处 从严查处 侦办".split(), "查办"),
    **{
        verb: verb
        for verb in (
            "优化 规范 排查 检查 抽检 抽查 巡查 监测 检测 督导 督查 约谈 通报 曝光 处置 整改 改造 升级 推广 推行 培育 培养 培训 评选 评估 考核 公布 发布 公开"
            " 受理 处理 回应 应用 运用 宣传 普及 扶持 帮扶 支持 拓展 拓宽 畅通 创新 启动 落实 贯彻 压实 巩固 管控 监管 严控 严把 筑牢 守牢 配齐 配备 更新 购置 引进 选拔"
            " 研究 会商 共享 对接 试点 采集 采购 登记 备案 公示 核查 复核 回访 走访 调研 上报 报送 报告 签约 新增 完成 推送 归集 汇总 汇集 研判 分析 细化 明确 制止 清查 取缔 关停 淘汰 下架 召回"
            " 规范提升 改造提升 排摸 摸排 纳管 听取 审议 研发 生产 审查 审核 审批 许可 注册 收集 递送 配送 服务 保护 执法 联动 演练 转变 引领 探索建立 聘请 选聘 招募 兑现 配置 安装 接入 覆盖 签署 划定 编写 印制 发放 推介 评定 认定 命名 验收 申报 遴选 储备 投放 投入 用好 管好 补齐 补强 织密 夯实 凝聚 丰富 壮大 激发 激励 营造 弘扬 倡导 确定 核定 延伸 扩大 减轻 降低 减少 控制 压减 压缩 缩短"
        ).split()
    },
}
# Within a sentence these are nouns more often than verbs: 市场监管, 风险监测.
_NOUNS = frozenset(
    "监管 检查 服务 保护 管控 审查 审核 审批 许可 注册 生产 监测 检测 抽检 抽查 培训 宣传 评估 考核 执法 配送 联动 演练 研发 采购 采集 报告 应用 收集 处理 处置 分析 控制 治理 保障 参与 配合"
    " 组织 指导 监督 创新 更新 完成 运用 支持 减少 降低 提高 增强 转变 对接 共享 协调 统筹 维护 试点 升级 规范 公开".split()
)
WITHIN = "|".join(sorted(NAMED.keys() - _NOUNS, key=len, reverse=True))
VERBS = "|".join(sorted(NAMED, key=len, reverse=True))
# Things that are made, once; events that are held; all other work goes on.
MADE = frozenset(
    "制定 编制 修订 制修订 起草 拟定 研究制定 出台 印发 建成 新建 建立 构建 搭建 筹建 设立 设置 组建 成立 列出 打造 创建 更新 购置 探索建立 建造 配齐 启动 签订".split()
)
