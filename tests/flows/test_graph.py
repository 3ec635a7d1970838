"""Machines as pictures."""

from flows.graph import service_graph, session_graph
from flows.journey import Service
from tests.flows.world import CHANGES, MOVE, flow


def test_a_service_is_drawn_with_its_conditions_and_ends() -> None:
    picture = service_graph(Service(flow(MOVE)))

    assert picture.startswith("stateDiagram-v2\n")
    assert "    [*] --> alasan\n" in picture
    assert "    alasan --> sejak: alasan = biasa\n" in picture
    assert "    sejak --> mobile: alasan = biasa, bulan = at_least tunggu\n" in picture
    assert "    mobile --> [*]\n" in picture


def test_questions_of_a_group_have_names_that_mermaid_takes() -> None:
    picture = service_graph(Service(flow(CHANGES)))

    assert "    ubah__more --> ubah__apa\n" in picture
    assert "    ubah__more: ubah.more\n" in picture


def test_the_phases_are_drawn_with_their_triggers() -> None:
    assert "    review --> menu: file\n" in session_graph()
