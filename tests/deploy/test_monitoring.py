"""The alert rules and the dashboard in deploy/ can be read, and the guide says what to do about each alert."""

import json
from typing import Any

import yaml

from app.settings import ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text("utf-8")


def read_rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((ROOT / "deploy" / "prometheus-alerts.yaml").read_text("utf-8"))["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def test_the_guide_says_of_each_alert_what_to_do_and_each_says_whom_it_wakes() -> None:
    rules = read_rules()
    assert len({rule["alert"] for rule in rules}) == len(rules)
    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in GUIDE] == []
    assert {rule["labels"]["severity"] for rule in rules} == {"page", "ticket"}
    assert all(rule["expr"] and rule["annotations"]["summary"] for rule in rules)


def test_each_panel_of_the_dashboard_asks_something_in_a_place_of_its_own() -> None:
    panels = json.loads((ROOT / "deploy" / "grafana.json").read_text("utf-8"))["panels"]
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}) == len(panels)
    assert all(target["expr"] for panel in panels for target in panel["targets"])
