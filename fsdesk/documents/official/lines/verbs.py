"""Verbs of official documents, and how each is named when the deed becomes a thing."""

from __future__ import annotations

import re

# Before the colon stands what a deed is called behind its object: 提升…能力 is …能力提升. 无: the
# object says it itself, 开展…检查 is …检查; 同: as the verb itself, 排查…隐患 is …隐患排查.
_TABLE = """
无: 组织开展 组织实施 开展 组织 举办 召开 举行 进行 实施 推进 推动 抓好 抓实 做好 办好 强化 加强
加大 深化 持续推进 建立健全 建立完善 建立 健全 完善 发挥 履行 执行 纳入 参与 参加 配合 争取 助力
鼓励 引导 指导 督促 动员 支持和引导 鼓励和引导 引导和鼓励 推动落实 助力推进 探索 统筹 协调 保障
维护 严守 助推 赋能 防范 防控 防止 宣传贯彻 督促指导 指导督促 加快推进 深入推进 全面推进
探索推进 协同推进 统筹推进 制定 编制 修订 制修订 起草 拟定 研究制定 出台 印发 签订 列出 梳理
完成
建设: 建设 建成 新建 打造 创建 构建 搭建 建造 筹建 设立 设置 布设 建好
组建: 组建 成立
提升: 提升 提高 增强
整治: 整治 治理 清理 集中整治 清理整治 专项整治
打击: 打击 严打 严厉打击 严查 严惩 严防 重点打击 突出打击 严打重处 依法打击 从严打击 惩治
查办: 查处 查办 立案查处 依法查处 从严查处 侦办
同: 优化 规范 排查 检查 抽检 抽查 巡查 监测 检测 督导 督查 约谈 通报 曝光 处置 整改 改造 升级
推广 推行 培育 培养 培训 评选 评估 考核 公布 发布 公开 受理 处理 回应 应用 运用 宣传 普及 扶持
帮扶 支持 拓展 拓宽 畅通 创新 启动 落实 贯彻 压实 巩固 管控 监管 严控 严把 筑牢 守牢 配齐 配备
更新 购置 引进 选拔 研究 会商 共享 对接 试点 采集 采购 登记 备案 公示 核查 复核 回访 走访 调研
上报 报送 报告 签约 新增 推送 归集 汇总 汇集 研判 分析 细化 明确 制止 清查 取缔 关停 淘汰
下架 召回 规范提升 改造提升 排摸 摸排 纳管 听取 审议 研发 生产 审查 审核 审批 许可 注册 收集
递送 配送 服务 保护 执法 联动 演练 转变 引领 探索建立 聘请 选聘 招募 兑现 配置 安装 接入 覆盖
签署 划定 编写 印制 发放 推介 评定 认定 命名 验收 申报 遴选 储备 投放 投入 用好 管好 补齐 补强
织密 夯实 凝聚 丰富 壮大 激发 激励 营造 弘扬 倡导 确定 核定 延伸 扩大 减轻 降低 减少 控制 压减
压缩 缩短 解决 研究解决 协调解决
"""


def _words(text: str) -> list[str]:
    return re.findall(r"[^\s:]+", text)


def _named() -> dict[str, str]:
    found: dict[str, str] = {}
    name = ""
    for word in re.findall(r"\S+", _TABLE):
        if word.endswith(":"):
            name = word[:-1]
        else:
            found[word] = {"无": "", "同": word}.get(name, name)
    return found


NAMED = _named()
VERBS = "|".join(sorted(NAMED, key=len, reverse=True))
# Within a sentence these are nouns more often than verbs: 市场监管, 风险监测.
_NOUNS = frozenset(
    _words(
        """
保护 保障 公开 共享 减少 分析 创新 升级 协调 参与 培训 增强 处理 处置 完成 审批 审查 审核 宣传
对接 应用 执法 报告 抽查 抽检 指导 控制 提高 支持 收集 更新 服务 检查 检测 治理 注册 演练 生产
监测 监督 监管 研发 管控 组织 统筹 维护 考核 联动 规范 许可 评估 试点 转变 运用 配合 配送 采购
采集 降低
"""
    )
)
WITHIN = "|".join(sorted(NAMED.keys() - _NOUNS, key=len, reverse=True))
# Verbs that say nothing without an object: 深化落实, 完善提升.
EMPTY = "|".join(
    [
        *sorted((verb for verb, name in NAMED.items() if not name), key=len, reverse=True),
        *_words("提升 提高 增强 落实 贯彻 压实 巩固 拓展 创新 细化 明确 规范 优化"),
    ]
)
# What these make is made once.
MADE = frozenset(
    _words(
        """
修订 出台 列出 创建 制修订 制定 印发 启动 建成 建立 建造 成立 打造 拟定 探索建立 搭建 新建 更新
构建 研究制定 筹建 签订 组建 编制 设立 设置 购置 起草 配齐
"""
    )
)
