"""Need-to-know on every table of the register."""

from django.db import migrations

from primum.people.policies import changeable, protect

# What may be changed of a row of the register. Whose a party is, and of which state, decides whom
# a report is withheld from; what a publisher printed stays as printed.
CHANGES = {
    "importbatch": "done, ended",
    "source": "",
    "place": "",
    "party": "",
    "partyname": "",
    "tie": "",
    "publishedsupport": "",
    "match": "state, decided_by, decided_at",
}


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("people", "0002_walls")]

    operations = [
        *(protect(f"register_{table}") for table in CHANGES),
        *(changeable(f"register_{table}", columns) for table, columns in CHANGES.items()),
    ]
