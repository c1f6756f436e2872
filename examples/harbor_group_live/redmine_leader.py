"""The strategic office at work in Redmine: what its approvers decide on deviations, they decide there.

Each approver has a Redmine user of their own and decides by a comment at the question. Refuses to decide what
was not asked there, and leaves every other action to the operators.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.http.client import Http
from domain.deviations.ids import DeviationQuestionId
from examples.harbor_group.deviating import ALL as DEVIATIONS
from examples.harbor_group.deviating import APPROVER, SECOND
from examples.harbor_group.script import Action
from examples.harbor_group_live.redmine_office import RedmineOffice
from examples.harbor_group_live.servers import ADMIN
from runtime.problem import Problem

DECIDERS = {APPROVER: "Marijke van Dijk", SECOND: "Sanne de Wit"}
"""The names of the approvers' users in Redmine, by person."""


@dataclass
class RedmineLeader(RedmineOffice):
    """The office that leads, in one Redmine."""

    office: str = "group"
    group: str = "Harbor Group"

    @property
    def names(self) -> Sequence[str]:
        """Its people, the approvers among them."""
        return list(dict.fromkeys((*super().names, *DECIDERS.values())))

    @property
    def accounts(self) -> Mapping[str, str]:
        """The approvers' accounts as people.yaml has them, by person."""
        return {person: f"{name} ({self.users[name]})" for person, name in DECIDERS.items()}

    def decide(self, actions: Sequence[Action]) -> tuple[Action, ...]:
        """Make the decisions among these actions in Redmine, each once; what is left to the operators.

        Raises Problem where a request waits for no decision there.
        """
        asked = {each.id for each in DEVIATIONS}
        mine = [each for each in actions if each.flow == "decide" and each.parameters["request"] in asked]
        if mine:
            questions = self._questions()
            for each in mine:
                self._decided(questions, each.parameters)
        return tuple(each for each in actions if each not in mine)

    def _questions(self) -> Mapping[str, Sequence[int]]:
        """The numbers of what is asked there about deviations, open before closed, by the deviation."""
        found: dict[str, list[tuple[bool, int]]] = {}
        closed = self.server.told["closed_statuses"]
        for issue in (issue for name in self.within for issue in self.issues_of(name)):
            if asked := DeviationQuestionId.find(self.key_of(issue)):
                found.setdefault(asked.deviation, []).append((issue["status"]["id"] in closed, issue["id"]))
        return {deviation: [number for _, number in sorted(those)] for deviation, those in found.items()}

    def _decided(self, questions: Mapping[str, Sequence[int]], parameters: Mapping[str, Any]) -> None:
        request, person = str(parameters["request"]), str(parameters["person"])
        if not questions.get(request):
            raise Problem(
                f"{request} is not asked in {self.url} -> run the cycle of the week before to its end, then go on"
            )
        text = f"{parameters['choice']}: {parameters['why']}"
        number = self.users[DECIDERS[person]]
        client, path = self._as(number), f"/issues/{questions[request][0]}.json"
        issue = client.get(path, (("include", "journals"),)).json()["issue"]
        written = {(each["user"]["id"], each.get("notes")) for each in issue["journals"]}
        if (number, text) not in written:
            self.put(path, {"issue": {"notes": text}}, client)

    def _as(self, number: int) -> Http:
        """A client by which one of its users writes: the administrator may, and the user is the author."""
        login = self.admin.get(f"/users/{number}.json").json()["user"]["login"]
        return self.server.http(ADMIN, acting=str(login))
