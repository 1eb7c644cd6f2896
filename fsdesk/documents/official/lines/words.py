"""Words of the trade, so that a name is never cut within one."""

from __future__ import annotations

import re

_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
食品 药品 食品安全 药品安全 食品药品 食品药品安全 质量安全 集中用餐单位 单位食堂 学校食堂
老年食堂 食用农产品 农产品 化妆品 医疗器械 疫苗 保健食品 特殊食品 婴幼儿 配方 乳粉 肉类 肉制品
肉品 水产品 畜禽 蔬菜 水果 豇豆 粮食 食盐 食用油 餐饮 餐饮具 餐具 小作坊 小餐饮 食堂 学校 校园
中小学 幼儿园 养老 养老机构 医疗机构 老年 助餐 集中用餐 单位 农贸市场 批发市场 超市 门店 药店
零售 批发 网络 网络餐饮 平台 第三方 电商 跨境 进口 冷链 外卖 配送 企业 生产 经营 生产经营 经营者
主体 从业人员 人员 安全 质量 风险 隐患 监测 预警 评估 交流 监管 监督 检查 抽检 抽查 抽样 检验
检测 快检 核查 处置 整改 整治 治理 综合 专项 行动 提升 能力 水平 体系 机制 制度 责任 主体责任
属地 责任制 包保 督导 落实 考核 评议 评价 应急 预案 演练 事故 事件 舆情 投诉 举报 宣传 科普 教育
培训 队伍 检查员 专业 专业化 职业化 基层 装备 力量 建设 改革 服务 产业 发展 高质量 创新 研发
技术 标准 规范 规定 条例 法律 法规 法治 执法 办案 案件 违法 犯罪 打击 惩罚性 赔偿 公益诉讼 诉讼
民事 行刑衔接 信用 分级 分类 差异化 追溯 溯源 上链 数字化 智慧 信息化 信息 数据 互联网 明厨亮灶
阳光 厨房 后厨 改造 示范 创建 品牌 街区 街道 社区 农村 农业 种植 养殖 种养殖 源头 农药 兽药
投入品 残留 重金属 土壤 污染 防治 农用地 耕地 产地 环境 合格证 承诺达标 准入 准出 许可 审批 备案
登记 流通 环节 全过程 全链条 闭环 管理 管控 清单 台账 档案 目录 名录 满意度 公众 群众 消费者
消费 社会 共治 共享 协会 保险 责任保险 志愿者 网格 网格员 协管员 信息员 联席会议 会议 会商 研判
通报 协调 联动 协作 部门 区域 重点 领域 品种 突出 问题 三年 年度 工作 任务 目标 措施 方案 计划
意见 民生 实事 项目 工程 活动 主题 试点 基地 站点 服务站 中心 实验室 机构 资质 认定 认证 审评
审查 注册 上市 许可持有人 持有人 委托 不良反应 报告 用药 用械 合理 中药 中药材 饮片 集采 中选
麻精 特殊药品 处方药 执业药师 药师 生物 医药 战略 合作 人才 资金 经费 保障 支持 政策 扶持 帮扶
指导 引导 督查 暗访 飞行检查 日常 节日 春季 秋季 高考 重大活动 供餐 陪餐 留样 食材 采购 采买
验收 储存 加工 制作 清洗 消毒 病媒 反食品浪费 浪费 包装 过度包装 标签 标识 广告 虚假 假冒 伪劣
添加剂 添加 超范围 超限量 非法 非法添加 私屠滥宰 瘦肉精 屠宰 检疫 无害化 处理 餐厨 垃圾 废弃物
反走私 走私 海关 口岸 输入 疫情 人物同防 健康 营养 标准化 规范化 集约化 现代化 便利化 一体化
常态化 动态 全面 全员 全域 全市 全区 全县 全省 党政同责 领导 干部 组织 协同 统筹 网点 渠道 线索
奖励 内部 吹哨人 满意 意识 素养 自查 自律 诚信 守信 失信 惩戒 联合 约谈 曝光 公示 公开 透明 实训
比武 竞赛 技能 知识 进校园 进社区 主题日 宣传周 宣传月 用药月 药事 药房 智慧药房 可视化 视频
摄像头 设备 设施 计量 器具 生鲜 生鲜灯 价格 网络交易 交易 直播 带货 主播 平台经济 新业态 特供酒
酒类 白酒 饮料 固体饮料 糕点 面制品 豆制品 食用菌 茶叶 蜂蜜 预制菜 团餐 火锅 烧烤 夜市 摊贩
小摊贩
""",
    )
)
_LONGEST_WORD = max(map(len, _WORDS))
# What is left of a list or a clause when its beginning goes.
_HANGING = re.compile(r"^(?:的|和|与|及|、|.{0,2}等.{0,1}|[一-鿿]?的)$")
_WHOLE = re.compile(r"“[^”]*”|《[^》]*》|\d+(?:\.\d+)?%?|[A-Za-z]+")


def words_of(text: str) -> list[str]:
    """Cut a text into words: those of the trade, names in quotation marks, and what is between."""
    found: list[str] = []
    unknown = ""
    at = 0
    while at < len(text):
        whole = _WHOLE.match(text, at)
        word = whole[0] if whole else _known(text, at)
        if word:
            found += [unknown, word] if unknown else [word]
            unknown = ""
            at += len(word)
        else:
            unknown += text[at]
            at += 1
    return [*found, unknown] if unknown else found


def ends_in_word(text: str) -> bool:
    """Tell whether a text ends with a word of the trade, and so wasn't cut within one."""
    return text.endswith(tuple(_WORDS))


def _known(text: str, at: int) -> str:
    for length in range(min(_LONGEST_WORD, len(text) - at), 1, -1):
        if text[at : at + length] in _WORDS:
            return text[at : at + length]
    return ""


def cut_from_left(text: str, room: int) -> str:
    """Leave out words at the beginning until a name fits; what it is stands at its end."""
    if len(text) > room:  # the marks of a name go before any of its words
        text = re.sub(r"[《》“”]", "", text)
    words = words_of(text)
    while len(words) > 1 and sum(map(len, words)) > room:
        words.pop(0)
        while len(words) > 1 and _HANGING.match(words[0]):
            words.pop(0)
    return "".join(words)[:room]
