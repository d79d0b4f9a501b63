from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "primum.people"
    label = "people"
