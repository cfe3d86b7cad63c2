"""From a quote to what a shop shows and charges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from . import _decimal as decimal
from ._currency import decimals
from ._failure import Problem

State = Literal["quoted", "stale", "offline", "unavailable", "none_due_here"]
Policy = Literal["open", "last-known", "closed"]


@dataclass(frozen=True)
class Charge:
    """A row to show and charge, in the currency of the checkout. The parts of the lines add up to `amount`."""

    key: str
    name: str
    kind: str
    charge_class: Literal["duty", "tax", "fee"]
    amount: Decimal
    collected_by: Literal["seller", "border"]
    per_line: Mapping[str, Decimal]

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "name": self.name,
            "kind": self.kind,
            "class": self.charge_class,
            "amount": _written(self.amount),
            "collected_by": self.collected_by,
            "per_line": {line: _written(part) for line, part in self.per_line.items()},
        }


@dataclass(frozen=True)
class Bounds:
    """From least to most; without `most` no upper limit is known."""

    least: Decimal
    most: Decimal | None = None

    def to_json(self) -> dict[str, str]:
        return {"least": _written(self.least), **({} if self.most is None else {"most": _written(self.most)})}


@dataclass(frozen=True)
class Missing:
    """A question that the shop must answer for an exact amount, the most useful first."""

    fact: str
    question: str
    narrows_currency: str
    item: int | None = None
    line: str | None = None
    #: By how much knowing it narrows the range, in `narrows_currency`; `None` where it leaves the range open at the top.
    narrows_by: Decimal | None = None

    def to_json(self) -> dict[str, Any]:
        narrows_by = None if self.narrows_by is None else _written(self.narrows_by)
        return _present({"fact": self.fact, "item": self.item, "line": self.line, "question": self.question,
                         "narrows_by": narrows_by, "narrows_currency": self.narrows_currency})


@dataclass(frozen=True)
class Answer:
    """What the client says of a basket. A sum that is not known is `None`, never zero."""

    state: State
    terms: Literal["ddp", "dap"] | None
    currency: str
    asked_at: str
    fingerprint: str
    #: The basket as it was asked.
    basket: Mapping[str, Any]
    #: Whether the shop may sell duty-paid: only where it can say the sum.
    may_sell_ddp: bool = False
    #: Whether it may sell with duty unpaid.
    may_sell_dap: bool = False
    #: Under which terms an order with the asked terms may go on now; `dap` in place of `ddp` only with a notice to the buyer.
    proceed: Literal["ddp", "dap", "refuse", "none"] = "none"
    outcome: str | None = None
    charges: list[Charge] = field(default_factory=list)
    #: What is charged at checkout under the asked terms.
    total: Decimal | None = None
    #: The same from least to most, where it is a range.
    bounds: Bounds | None = None
    #: What the buyer still pays on delivery.
    on_delivery: Bounds | None = None
    missing: list[Missing] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    editions: list[Any] = field(default_factory=list)
    ratebook: str | None = None
    date: str | None = None
    data_age_days: int | None = None
    #: Name of the engine that answered.
    engine: str | None = None
    why: str | None = None
    problems: list[Problem] = field(default_factory=list)
    quote: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON, with the fields and the decimal strings of the client for Node."""
        document = _present({
            "state": self.state,
            "outcome": self.outcome,
            "may_sell_ddp": self.may_sell_ddp,
            "may_sell_dap": self.may_sell_dap,
            "proceed": self.proceed,
            "charges": [charge.to_json() for charge in self.charges],
            "total": None if self.total is None else _written(self.total),
            "bounds": None if self.bounds is None else self.bounds.to_json(),
            "on_delivery": None if self.on_delivery is None else self.on_delivery.to_json(),
            "currency": self.currency,
            "missing": [one.to_json() for one in self.missing],
            "messages": self.messages,
            "warnings": self.warnings,
            "assumptions": self.assumptions,
            "editions": self.editions,
            "ratebook": self.ratebook,
            "date": self.date,
            "asked_at": self.asked_at,
            "fingerprint": self.fingerprint,
            "data_age_days": self.data_age_days,
            "engine": self.engine,
            "why": self.why,
            "problems": self.problems or None,
            "quote": self.quote,
            "basket": self.basket,
        })
        return {**document, "terms": self.terms}


def _written(amount: Decimal) -> str:
    return decimal.write(decimal.parse(format(amount, "f")))


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def answer_of(quote: Mapping[str, Any], basket: Mapping[str, Any], policy: Policy, **origin: Any) -> Answer:
    """The answer of a quote, for this basket with its own ids of lines."""
    terms = basket["terms"]
    outcome = quote["outcome"]
    relied = outcome in ("amount", "range", "unknown")
    seller = _exact(quote["terms"]["checkout_dap"])
    may_sell_ddp = outcome == "amount"
    # What a registered seller must collect and cannot say is sold without only by a shop that chose to go on without answers.
    may_sell_dap = outcome not in ("prohibited", "not-allowed") and ((relied and seller is not None) or policy == "open")
    checkout = quote["terms"]["checkout_ddp" if terms == "ddp" else "checkout_dap"]
    total = _exact(checkout) if relied and (terms == "dap" or may_sell_ddp) else None
    on_delivery = None
    if relied:
        paid = terms == "ddp" and may_sell_ddp
        on_delivery = Bounds(Decimal(0), Decimal(0)) if paid else _bounds(quote["terms"]["on_delivery_dap"])
    proceed: Literal["ddp", "dap", "refuse"] = "refuse"
    if terms == "ddp" and may_sell_ddp:
        proceed = "ddp"
    elif may_sell_dap and (terms == "dap" or policy == "open"):
        proceed = "dap"
    return Answer(
        **origin,
        terms=terms,
        basket=basket,
        currency=quote["asked_currency"],
        outcome=outcome,
        may_sell_ddp=may_sell_ddp,
        may_sell_dap=may_sell_dap,
        proceed=proceed,
        charges=[] if total is None else _rows(quote, basket, total),
        total=None if total is None else Decimal(total),
        bounds=_bounds(checkout) if relied and total is None else None,
        on_delivery=on_delivery,
        missing=[_missing(one, quote, basket) for one in quote.get("missing", [])],
        messages=list(quote.get("messages", [])),
        warnings=list(quote.get("warnings", [])),
        assumptions=list(quote.get("assumptions", [])),
        editions=list(quote["editions"]),
        ratebook=quote["ratebook"],
        date=quote["date"],
        quote=quote,
    )


def no_answer(basket: Mapping[str, Any], policy: Policy, **known: Any) -> Answer:
    """The answer where no engine gave one."""
    return Answer(
        **known,
        state="unavailable",
        terms=basket["terms"],
        basket=basket,
        currency=basket["consignment"]["currency"],
        may_sell_dap=True,
        proceed="dap" if basket["terms"] == "dap" or policy == "open" else "refuse",
        warnings=["Duty, tax and fees could not be computed. You may be asked to pay them on delivery."],
    )


def nothing_asked(basket: Mapping[str, Any], **known: Any) -> Answer:
    """The answer where nothing was asked."""
    currency = basket["consignment"]["currency"]
    return Answer(**known, state="none_due_here", terms=basket["terms"], basket=basket, currency=currency)


def class_of(kind: str) -> Literal["duty", "tax", "fee"]:
    """What is neither duty nor fee is a tax."""
    if kind in ("duty", "additional-duty"):
        return "duty"
    return "fee" if kind == "fee" else "tax"


def _exact(one: Mapping[str, str]) -> str | None:
    most = one.get("most_asked")
    return one["least_asked"] if most is not None and decimal.same(one["least_asked"], most) else None


def _bounds(one: Mapping[str, str]) -> Bounds:
    most = one.get("most_asked")
    return Bounds(decimal.to_decimal(one["least_asked"]), None if most is None else decimal.to_decimal(most))


def _missing(one: Mapping[str, Any], quote: Mapping[str, Any], basket: Mapping[str, Any]) -> Missing:
    item = one.get("item")
    narrows_by = one.get("narrows_by")
    return Missing(
        fact=one["fact"],
        question=one["question"],
        narrows_currency=quote["currency"],
        item=item,
        line=basket["lines"][item - 1] if item is not None and 0 < item <= len(basket["lines"]) else None,
        narrows_by=None if narrows_by is None else decimal.to_decimal(narrows_by),
    )


@dataclass
class _Part:
    charge: Mapping[str, Any]
    collected_by: Literal["seller", "border"]
    weight: int  # in the currency of the economy
    amount: int


def _rows(quote: Mapping[str, Any], basket: Mapping[str, Any], total: str) -> list[Charge]:
    """Rows that add up to the total. A charge that is collected in two places becomes two rows."""
    unit = decimal.step(decimals(quote["asked_currency"]))
    parts = [part for charge in quote["charges"] for part in _parts(charge, unit)]
    if basket["terms"] == "dap":
        # What the seller collects is a sum of its own in the quote, rounded as a whole; its rows are parts of that sum.
        parts = [part for part in parts if part.collected_by == "seller"]
        for part, amount in zip(parts, decimal.apportion(decimal.parse(total), [part.weight for part in parts], unit)):
            part.amount = amount
    return [_row(part, quote, basket, unit) for part in parts if part.amount != 0]


def _parts(charge: Mapping[str, Any], unit: int) -> list[_Part]:
    weights: dict[Literal["seller", "border"], int] = {}
    for side in ("seller", "border"):
        taken = [one["amount"] for one in charge["treatments"] if (one["collect"] == "seller") == (side == "seller")]
        if taken:
            weights[side] = decimal.parse(decimal.total(taken))
    if len(weights) < 2:
        weights = {next(iter(weights), "border"): decimal.parse(charge["sum"]["least"])}
    amounts = decimal.apportion(decimal.parse(charge["sum"]["least_asked"]), list(weights.values()), unit)
    return [_Part(charge, side, weight, amount) for (side, weight), amount in zip(weights.items(), amounts)]


def _row(part: _Part, quote: Mapping[str, Any], basket: Mapping[str, Any], unit: int) -> Charge:
    key = part.charge["key"]
    weights = [sum(decimal.parse(one["amount"]) for one in item["charges"] if one["key"] == key) for item in quote["items"]]
    parts = decimal.apportion(part.amount, weights, unit)
    return Charge(
        key=key,
        name=part.charge["name"],
        kind=part.charge["kind"],
        charge_class=class_of(part.charge["kind"]),
        amount=Decimal(decimal.write(part.amount)),
        collected_by=part.collected_by,
        per_line={line: Decimal(decimal.write(one)) for line, one in zip(basket["lines"], parts) if one != 0},
    )
