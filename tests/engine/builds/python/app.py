import getpass
import sqlite3

with sqlite3.connect("app.db") as database:
    database.execute("create table if not exists kept (word text)")
    database.execute("insert into kept values ('stayed')")
    print(getpass.getuser(), *database.execute("select word from kept").fetchone())
