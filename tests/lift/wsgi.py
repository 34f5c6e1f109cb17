"""The foreign shop as a program, with tables and one user, for the browser tests."""

import os

from .pay import create_paying_app
from .shop import User, db

app = create_paying_app(SQLALCHEMY_DATABASE_URI=os.environ["SQLALCHEMY_DATABASE_URI"])
with app.app_context():
    db.create_all()
    db.session.add(User(email="nok@example.com"))
    db.session.commit()
