"""The page's addresses."""

from __future__ import annotations

from fastapi.testclient import TestClient

from moodprint.service.page.render import PAGE_POLICY


def test_pages_have_their_policy_and_the_api_has_its_own(client: TestClient) -> None:
    assert client.get("/").headers["content-security-policy"] == PAGE_POLICY
    assert "script-src" not in client.get("/health").headers["content-security-policy"]
    script = client.get("/static/page.css")
    assert script.status_code == 200
    assert script.headers["cache-control"] == "no-cache"
    assert client.get("/static/../app.py").status_code == 404


def test_a_collection_is_made_on_the_page(client: TestClient) -> None:
    made = client.post("/collections", data={"name": "<script>x</script>"})
    assert made.status_code == 200
    assert "&lt;script&gt;x&lt;/script&gt;" in made.text
    assert "<script>x" not in client.get("/").text


def test_a_person_gets_a_page_and_a_program_a_problem(client: TestClient) -> None:
    person = client.get("/collections/none", headers={"accept": "text/html"})
    assert person.status_code == 404
    assert "No such collection." in person.text
    assert "<main" in person.text
    program = client.get("/collections/none", headers={"accept": "application/json"})
    assert program.json()["code"] == "no-such-collection"


def test_a_foreign_form_is_refused(client: TestClient) -> None:
    for origin in ("https://evil.example", "null"):
        response = client.post("/collections", data={"name": "x"}, headers={"origin": origin})
        assert response.status_code == 403


def test_the_api_is_described_for_people(client: TestClient) -> None:
    page = client.get("/docs").text
    described = client.get("/openapi.json").json()
    for path in described["paths"]:
        assert path in page
    for name in described["components"]["schemas"]:
        assert f'id="{name}"' in page
    assert "Undefined" not in page
