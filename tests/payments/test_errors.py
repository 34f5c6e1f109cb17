"""The errors of the engine, as its documentation lists them."""

import inspect
import re

from storefront.payments import errors


def test_tree_at_the_top_of_the_module_is_complete():
    listed = re.findall(r"^(?:[├└]── )?(\w+)", errors.__doc__.partition("\n")[2], re.MULTILINE)
    defined = [
        name
        for name, member in inspect.getmembers(errors, inspect.isclass)
        if member.__module__ == errors.__name__
    ]

    assert sorted(listed) == sorted(defined)
