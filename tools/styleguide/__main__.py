"""`make styleguide`: serve the style guide, with the settings and the data of `make run`."""

import os

from tools.demo_environment import shop_environment

os.environ.update(shop_environment())

from tools.styleguide.app import app

port = int(os.environ["PORT"]) + 2  # beside the shop and the sandbox
app.extensions["shop"].database.migrate()
print(f"style guide: http://127.0.0.1:{port}/styleguide", flush=True)
app.run(port=port)
