"""Need-to-know on every table of the register."""

from django.db import migrations

from primum.people.policies import protect

TABLES = (
    "importbatch",
    "source",
    "place",
    "party",
    "partyname",
    "tie",
    "publishedsupport",
    "match",
)


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("people", "0002_walls")]

    operations = [protect(f"register_{table}") for table in TABLES]
