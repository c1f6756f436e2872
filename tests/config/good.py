"""A small good organization, as files, that tests edit to make it bad."""

from pathlib import Path

FILES = {
    "clock.yaml": "as_of: 2027-01-04T07:00:00Z\n",
    "organization.yaml": """\
id: quay-group
name: Quay Group
operator_decisions_count: true
""",
    "people.yaml": """\
people:
  - id: ana
    name: Ana Reis
    address: ana@quay.example
  - id: bo
    name: Bo Lind
  - id: carl
    name: Carl Voss
""",
    "offices.yaml": """\
offices:
  - id: hq
    name: Portfolio office
    kind: strategic
    mandate: directive
    country: DE
    time_zone: Europe/Berlin
    currency: EUR
    language: de
    roles: {head: [ana], standards_owner: [ana], approver: [ana, bo]}
  - id: porto
    name: Porto
    kind: program
    mandate: controlling
    parent: hq
    country: PT
    time_zone: Europe/Lisbon
    currency: EUR
    reporting: {weekday: thu, by: "16:30", every_weeks: 2}
    roles:
      head: [bo]
  - id: jeddah
    name: Jeddah
    kind: project
    mandate: supportive
    parent: porto
    country: SA
    time_zone: Asia/Riyadh
    currency: SAR
    answer_days: 7
    holidays: [{date: 2027-02-01, name: Port day}]
    working_days: [2027-02-22]
    roles: {head: [carl]}
  - id: marine
    name: Marine
    kind: subsidiary
    mandate: supportive
    country: JP
    weekend: [sun]
    time_zone: Asia/Tokyo
    currency: JPY
    roles: {head: [carl], approver: [bo]}
""",
    "programs.yaml": """\
programs:
  - {id: docks, name: Docks, office: porto}
""",
    "relations.yaml": """\
relations:
  - {root: hq, kind: network}
  - {root: marine, kind: diverse}
""",
    "agreements.yaml": """\
agreements:
  - {id: hq-jeddah, giver: hq, taker: jeddah, shares: [templates], since: 2027-01-01, until: 2027-06-30}
  - {id: hq-jeddah-later, giver: hq, taker: jeddah, shares: [templates], since: 2027-07-01}
""",
    "tools.yaml": """\
tools:
  - id: porto-book
    kind: workbook
    credentials: PORTO_SHARE
    settings:
      file: workbooks/porto.xlsx
  - id: jeddah-book
    kind: workbook
    settings: {file: workbooks/jeddah.xlsx}
partitions:
  - office: porto
    tool: porto-book
    access: write
    settings:
      projects:
        sheet: Projetos
        columns:
          id: N.o
          title: Nome
          percent_complete: {header: "% feito", unit: percent}
      items: {sheet: Tarefas, columns: {id: N.o, project: Projeto, title: Nome, key: interoffice key}}
      questions:
        sheet: Perguntas
        columns: {key: interoffice key, text: Pergunta, answer: Resposta}
  - office: jeddah
    tool: jeddah-book
    settings:
      projects: {sheet: Projects, columns: {id: Id, title: Title}}
""",
    "standards/method/1.0.yaml": """\
standard: method
version: "1.0"
title: How we deliver
owner: hq
effective_from: 2025-01-01
rules:
  - uid: plan.owners
    title: Every open item has an owner
    kind: computed
    level: locked
    check: plan.without_owner == 0
    remedy: Name an owner for each open item
    examples:
      pass: {plan: {without_owner: 0}}
      fail: {plan: {without_owner: 2}}
""",
    "standards/method/2.0.yaml": """\
standard: method
version: "2.0"
title: How we deliver, anew
owner: hq
effective_from: 2027-01-04
previous: "1.0"
rules:
  - uid: plan.owners
    title: Every open item has an owner
    kind: computed
    level: locked
    check: plan.without_owner == 0
    remedy: Name an owner for each open item
    examples:
      pass: {plan: {without_owner: 0}}
      fail: {plan: {without_owner: 2}}
  - uid: plan.overdue
    title: Few items are overdue
    kind: computed
    level: ceiling
    limit: 5
    check: plan.overdue <= limit
    applies: project.stage == "execution"
    remedy: Finish or replan what is overdue
    role: head
    days: 10
    examples:
      pass:
        plan: {overdue: 5}
        project: {stage: execution}
      fail:
        plan: {overdue: 6}
        project: {stage: execution}
  - uid: case.approved
    title: The business case is approved
    kind: attested
    subject: business_case
    level: locked
    remedy: Have the business case approved
    examples:
      pass:
        today: 2027-01-04
        attested: {person: Ana Reis, on: 2026-12-01, document: "https://docs.example/7", valid_until: 2027-12-31}
      fail:
        today: 2027-01-04
        attested: {person: Ana Reis, on: 2026-12-01}
  - uid: start.known
    title: The start is known and not before 2020
    kind: computed
    level: range
    limit: 3
    range: {least: 1, most: 9}
    check: has(project.start) && project.start > timestamp("2020-01-01T00:00:00Z") && limit > 0
    remedy: Enter the planned start
    examples:
      pass: {project: {start: 2027-01-01}}
      fail: {project: {}}
tools:
  - {kind: workbook, fields: [percent_complete, item.due], statuses: [open]}
leeway:
  conditions:
    - {fact: plan.percent_complete, at_least: 90, unit: "%"}
    - {fact: project.weeks_remaining, at_most: 6}
  until: 2027-03-31
  default: finish_old
  elect_days: 5
supersedes:
  - {old: plan.owners, fate: same}
reports:
  - {id: monthly, title: Monthly, facts: [plan.percent_complete, field.risks]}
plan_parts:
  - {id: gates, title: Gates, items: [Review at G1]}
""",
    "tailorings/porto-overdue.yaml": """\
id: porto-overdue
standard: method
version: "2.0"
precedence: 10
office: porto
adjustments:
  - {rule: plan.overdue, limit: 3, reason: the port authority asks for it}
""",
    "rollouts/method-2.yaml": """\
id: method-2
standard: method
version: "2.0"
waves:
  - {number: 1, name: Pilot, offices: [porto], start: 2027-01-04}
  - number: 2
    name: Others
    offices: [jeddah]
    start: 2027-02-01
    exit_settled: 0.9
""",
}


def write(folder: Path) -> Path:
    """The good organization in a folder."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
