"""Every address of the pages. Addresses hold opaque keys: sending one gives nothing away."""

from __future__ import annotations

from django.urls import path

from primum.web.views import activities, desk, following, judging, mission, parties, reports, sheet

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("activities/", activities.activity_list, name="activities"),
    path("activities/export/", activities.activity_export, name="activity_export"),
    path("activities/new/", activities.new, name="new"),
    path("activities/<uuid:key>/", activities.activity, name="activity"),
    path("activities/<uuid:key>/assess/", judging.assess, name="assess"),
    path("activities/<uuid:key>/advise/", judging.advise, name="advise"),
    path("activities/<uuid:key>/decide/", judging.decide, name="decide"),
    path("activities/<uuid:key>/sheet/", sheet.sheet, name="sheet"),
    path("activities/<uuid:key>/signed/<uuid:decision>/", sheet.signed, name="signed_sheet"),
    path("activities/<uuid:key>/confirm/<uuid:decision>/", judging.confirm, name="confirm"),
    path("activities/<uuid:key>/disown/<uuid:decision>/", sheet.disown, name="disown"),
    path("activities/<uuid:key>/deliver/", following.deliver, name="deliver"),
    path(
        "activities/<uuid:key>/breaches/<uuid:delivery>/",
        following.answer_breach,
        name="answer_breach",
    ),
    path("activities/<uuid:key>/commitments/<uuid:commitment>/", following.answer, name="answer"),
    path("activities/<uuid:key>/release/<uuid:owed>/", following.release, name="release"),
    path("activities/<uuid:key>/move/<slug:verb>/", following.move, name="move"),
    path("looks/<uuid:key>/", following.look, name="look"),
    path("parties/", parties.party_list, name="parties"),
    path("parties/new/", parties.new, name="party_new"),
    path("parties/export/", parties.party_export, name="party_export"),
    path("parties/<uuid:key>/", parties.party, name="party"),
    path("matches/", parties.matches, name="matches"),
    path("matches/<uuid:key>/", parties.match, name="match"),
    path("reports/new/", reports.new, name="report_new"),
    path("reports/<uuid:key>/", reports.report, name="report"),
    path("reports/<uuid:key>/grade/", reports.grade, name="grade"),
    path("reports/<uuid:key>/raise/", reports.raise_it, name="raise_seal"),
    path("leadership/", mission.leadership, name="leadership"),
    path("protocols/", mission.protocols, name="protocols"),
    path("protocols/<uuid:key>/", mission.protocol, name="protocol"),
    path("posts/", mission.posts, name="posts"),
    path("posts/<uuid:key>/seat/", mission.seat, name="seat"),
    path("posts/<uuid:key>/vacate/", mission.vacate, name="vacate"),
    path("account/", mission.account, name="account"),
    path("account/act-as/", mission.act_as, name="act_as"),
]
