from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "primum.cases"
    label = "cases"
