from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "primum.register"
    label = "register"
