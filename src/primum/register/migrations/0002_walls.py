"""Need-to-know on every table of the register."""

from django.db import migrations

from primum.people.policies import changeable, protect

# What may be changed of a row of the register. Whose a party is, and of which state, decides whom
# a report is withheld from; what a publisher printed stays as printed. A newer copy of a register
# takes rows out of view (`gone`) and shows its parties as it says.
CHANGES = {
    "importbatch": "done, ended, undone, counts",
    "source": "gone_id",
    "place": "",
    "party": "name, folded, country, classification, batch_id, gone_id",
    "partyname": "gone_id",
    "claim": "gone_id",
    "tie": "gone_id",
    "publishedsupport": "gone_id",
    "match": "state, decided_by, decided_at",
}


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial"), ("people", "0002_walls")]

    operations = [
        *(protect(f"register_{table}") for table in CHANGES),
        *(changeable(f"register_{table}", columns) for table, columns in CHANGES.items()),
    ]
