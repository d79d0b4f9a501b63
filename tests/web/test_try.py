import pytest
from django.test import Client
from primum.people.models import Person
from tests.builders import *
from tests.cast import NOW
@pytest.fixture(autouse=True)
def clock(settings):
    settings.CLOCK="tests.web.test_try.now"
def now(): return NOW
@pytest.mark.django_db
def test_pages():
    case=decided({})
    for who in ["nadia","tomas","samir","lena","bruno","eva"]:
        c=Client(); c.force_login(Person.objects.get(username=who))
        for u in ["/","/activities/",f"/activities/{case.activity}/",f"/activities/{case.activity}/deliver/","/activities/new/",f"/activities/new/?party={case.party}","/parties/",f"/parties/{case.party}/","/reports/new/",f"/reports/new/?party={case.party}","/leadership/","/protocols/","/posts/","/account/","/matches/","/activities/export/","/parties/export/",f"/activities/{case.activity}/sheet/",f"/activities/{case.activity}/assess/","/account/second-factor/"]:
            r=c.get(u)
            b=b"".join(r.streaming_content) if r.streaming else r.content
            print(who,u.replace(str(case.activity),"A"),r.status_code,len(b))
    assert 0
