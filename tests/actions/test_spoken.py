import doctest

import actions.say
import actions.spoken


def test_the_examples_in_the_code_are_true() -> None:
    for module in (actions.spoken, actions.say):
        failed, tried = doctest.testmod(module)
        assert tried
        assert not failed
