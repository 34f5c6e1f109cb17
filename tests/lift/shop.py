"""A small Flask shop that knows nothing of this project: users, orders, log-in, migrations."""

from flask import Flask, redirect, request, url_for
from flask_login import LoginManager, UserMixin, login_user
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String, nullable=False, unique=True)


class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.ForeignKey("user.id"), nullable=False)
    total = db.Column(db.Integer, nullable=False)
    status = db.Column(db.String, nullable=False, default="new")


def create_app(**config):
    """The shop without payments."""
    app = Flask(__name__, template_folder="templates")
    app.config.update(SECRET_KEY="of the foreign shop", **config)
    db.init_app(app)
    Migrate(app, db)
    LoginManager(app).user_loader(lambda key: db.session.get(User, int(key)))

    @app.get("/login/<email>")
    def login(email):
        user = User.query.filter_by(email=email).first()
        login_user(user)
        return redirect("/")

    @app.get("/")
    def index():
        return "A shop."

    @app.post("/orders")
    def place():
        user = User.query.filter_by(email=request.form["email"]).one()
        order = Order(user_id=user.id, total=int(request.form["total"]))
        db.session.add(order)
        db.session.commit()
        return redirect(url_for("pay.pay", id=order.id), 303)

    return app
