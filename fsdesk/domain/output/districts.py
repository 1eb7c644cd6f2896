"""Districts beside each other (各区对比): what each has published of a month, never what it hasn't.

Every figure is the one that the district put out. Who has published nothing, or has no such
indicator, has no place and is no zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.output.head import NOBODY
from fsdesk.domain.output.wording import value_text
from fsdesk.domain.status.ranks import place_text, places_of

if TYPE_CHECKING:
    from fsdesk.domain.output.reporting import Reporting
    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.results import IndicatorResult, YearStatus


class Measured(NamedTuple):
    """What makes an indicator the same one in plans that number theirs for themselves."""

    name: str
    measure_unit: str
    kind: str


class District(Struct, frozen=True):
    """What a district has published of a month.

    Attributes:
        schema: Where it lies on the server.
        status: The published figures; None where the month isn't published.
        came: How many reports for just this month it has received by now.
        reporting: What had become of its units' reports when it published.
    """

    schema: str
    name: str
    status: YearStatus | None
    came: int = 0
    reporting: Reporting = NOBODY

    @property
    def state(self) -> str:
        """Whether and when it has published, in words."""
        if self.status is None or self.status.publication is None:
            return f"未发布（已收到本月报送{self.came}份）"
        return str(self.status.publication)

    @property
    def told(self) -> str:
        """Whether it has published, and who of its units had not reported, or late, in words."""
        late, missing = self.reporting.late, self.reporting.missing
        told = (
            self.state,
            self.reporting.words,
            f"逾期：{'、'.join(late)}" if late else "",
            f"未报：{'、'.join(missing)}" if missing else "",
        )
        return "；".join(filter(None, told))


class DistrictPlace(Struct, frozen=True):
    """A district's place by one indicator.

    Attributes:
        result: None where the district has no such figure; `why` says why.
        place: By attainment, 1 the highest; None without one.
    """

    district: District
    result: IndicatorResult | None
    place: int | None = None
    tied: bool = False

    @property
    def place_text(self) -> str:
        """Its place in words."""
        return place_text(self.place, tied=self.tied)

    @property
    def value(self) -> str:
        """The figure as the district's own page writes it; empty without one."""
        status = self.district.status
        if self.result is None or status is None:
            return ""
        return value_text(self.result.indicator, self.result.figure, status.period)

    @property
    def why(self) -> str:
        """As at when it counts, or why there is none."""
        if self.result is None and self.district.status is not None:
            return f"本区计划中没有这项指标（{self.district.state}）"
        return self.district.state


class Ranking(Struct, frozen=True):
    """All districts by one indicator: those with a place first, the others by name."""

    measured: Measured
    places: tuple[DistrictPlace, ...]


class Comparison(Struct, frozen=True):
    """The districts of a server in a month.

    Attributes:
        unlisted: Schemas of workspaces of which nothing is known here.
    """

    period: Period
    districts: tuple[District, ...]
    unlisted: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said below a ranking."""
        told = [
            "各区的数是各区发布的数，按各区自己的目标和规则计算；位次按完成率由高到低排。",
            "名称、计量单位和种类都相同的才算同一项指标。没有发布、没有数据的不参加排位，不当作零。",
        ]
        if self.unlisted:
            names = "、".join(self.unlisted)
            told.append(f"没有列入对比的模式：{names}；要列入，请管理员重新运行“server views”。")
        return tuple(told)

    def rankings(self, wanted: str = "") -> tuple[Ranking, ...]:
        """Rank by each indicator that anybody published, or by those of a code or name."""
        found: dict[Measured, list[DistrictPlace]] = {}
        named: set[Measured] = set()
        for district in self.districts:
            for result in district.status.indicators if district.status else ():
                indicator = result.indicator
                key = Measured(indicator.name, indicator.measure_unit, indicator.kind)
                found.setdefault(key, []).append(DistrictPlace(district, result))
                if wanted in {"", indicator.code, indicator.name}:
                    named.add(key)
        return tuple(self._ranked(key, have) for key, have in found.items() if key in named)

    def _ranked(self, key: Measured, have: list[DistrictPlace]) -> Ranking:
        known = [(each, each.result.attainment) for each in have if each.result]
        reached = [(each, share) for each, share in known if share is not None]
        reached.sort(key=lambda pair: -pair[1])
        places = places_of([share for _, share in reached])
        ranked = [
            replace(each, place=place, tied=tied)
            for (each, _), (place, tied) in zip(reached, places, strict=True)
        ]
        without = [each for each, share in known if share is None]
        schemas = {each.district.schema for each in have}
        others = [DistrictPlace(d, None) for d in self.districts if d.schema not in schemas]
        return Ranking(key, (*ranked, *without, *others))
