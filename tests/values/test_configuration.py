"""Reading a mixture from JSON: exact where it reads, one line where it refuses."""

from __future__ import annotations

import io
import json
from fractions import Fraction
from pathlib import Path

import pytest

from gembounds import InputError, Mixture
from gembounds.values.configuration import parse_mixture, read_mixture


def parse(text: str) -> Mixture:
    return parse_mixture(text.encode(), "file")


def test_floats_are_dyadic_integers_and_strings_exact() -> None:
    mix = parse('{"means": [[0.1, 12345678901234567890], ["1/3", "0.1"]], "weights": [0.5, 0.5]}')
    assert mix.exact_means == (
        (Fraction(0.1), Fraction(12345678901234567890)),
        (Fraction(1, 3), Fraction(1, 10)),
    )
    assert mix.exact_weights == (Fraction(1, 2), Fraction(1, 2))


@pytest.mark.parametrize(
    "text", ['{"means": [[1], [2]]}', '{"means": [[1], [2]], "weights": null}']
)
def test_weights_may_be_left_out(text: str) -> None:
    assert parse(text).exact_weights == (Fraction(1, 2), Fraction(1, 2))


def test_numbers_beyond_float64_as_strings() -> None:
    mix = parse('{"means": [["1e-400"], [0]], "weights": ["1/3", "2/3"]}')
    assert mix.exact_means[0][0] == Fraction(1, 10**400)
    assert mix.exact_weights == (Fraction(1, 3), Fraction(2, 3))


def test_zero_is_zero_in_every_spelling() -> None:
    mix = parse('{"means": [[0, 0.0, -0.0, 0e5, 0.000E-999]]}')
    assert mix.exact_means == ((Fraction(0),) * 5,)


def test_a_byte_order_mark_is_no_error() -> None:
    assert parse_mixture(b"\xef\xbb\xbf" + b'{"means": [[1]]}', "file").n == 1


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"means": [[1, 2]]}')))
    assert read_mixture("-").d == 2


BAD = {
    '{"means": [[NaN]]}': "NaN is not a number",
    '{"means": [[Infinity]]}': "Infinity is not a number",
    '{"means": [[-Infinity]]}': "-Infinity is not a number",
    '{"means": [[1e999]]}': "means[0][0] is 1e999: beyond the range",
    '{"means": [[0], [-1e999]]}': "means[1][0] is -1e999: beyond the range",
    '{"means": [["1e999"]]}': "means[0][0] is beyond the range",
    '{"means": [[1e-999]]}': 'write it as a string, which is exact: "1e-999"',
    '{"means": [[1], [2]], "weights": [1, 0.0001e-400]}': "weights[1] is 0.0001e-400: rounds to 0",
    '{"means": [["NaN"]]}': "means[0][0] is 'NaN': give a number",
    '{"means": [["one"]]}': "means[0][0] is 'one': give a number",
    '{"means": [["1/0"]]}': "the denominator is zero",
    '{"means": [[' + "1" * 5000 + "]]}": "too many digits; shorten it",
    '{"means": [[true]]}': "means[0][0] is True: give a number",
    '{"means": [[null]]}': "means[0][0] is None: give a number",
    '{"means": [[[1]]]}': "means[0][0] is [1.0]: give a number",
    '{"means": [[{}]]}': "means[0][0] is {}: give a number",
    '{"means": 3}': "means is 3.0: give a list",
    '{"means": "abc"}': "means is 'abc': give a list",
    '{"means": [1, 2]}': "means[0] is 1.0: give a row",
    '{"means": []}': "means is empty",
    '{"means": [[]]}': "means[0] is empty",
    '{"means": [[1, 2], [3]]}': "means[1] has 1 entries where means[0] has 2",
    '{"means": [[1], [2]], "weights": [1]}': "weights has 1 entries for 2 means",
    '{"means": [[1], [2]], "weights": [0.5, 0.4]}': "weights sum to 0.9: they must sum to 1",
    '{"means": [[1], [2]], "weights": [1, 0]}': "weights[1] is 0.0: weights must be positive",
    '{"means": [[1], [2]], "weights": ["3/2", "-1/2"]}': "weights[1] is '-1/2': weights must be",
    '{"means": [[1], [2]], "weights": {}}': "weights is {}: give a list",
    '{"means": [[1]], "weights": 1}': "weights is 1.0: give a list",
    '{"means": [[1]], "sigma": 2}': "unknown key 'sigma': the keys are means and weights",
    '{"means": [[1]], "covariances": [[[2]]]}': "weights; every covariance is I",
    '{"weights": [1]}': 'no key "means"',
    '{"means": [[1]], "means": [[2]]}': "key 'means' is given twice: keep one",
    "[[1]]": "a list where an object belongs",
    "3": "a number where an object belongs",
    "null": "null where an object belongs",
    '"means"': "a string where an object belongs",
    "true": "a boolean where an object belongs",
    "": "empty: give",
    " \n": "empty: give",
    '{"means": [[1]]': "not JSON at line 1, column 16",
    "means: 1": "not JSON at line 1, column 1",
    '{"means": [[01]]}': "not JSON",
    '{"means": ' + "[" * 100_000: "nested too deeply",
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:40])
def test_bad_text_is_one_line_that_names_the_value(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text)
    message = str(caught.value)
    assert message.startswith("file: ")
    assert BAD[text] in message
    assert "\n" not in message and len(message) < 250


def test_not_utf8() -> None:
    with pytest.raises(InputError, match="byte 0xff at 11 is not UTF-8: save it"):
        parse_mixture(b'{"means": "\xff"}', "file")


def test_control_characters_in_names_stay_on_one_line() -> None:
    with pytest.raises(InputError, match=r"unknown key 'a\\nb'"):
        parse_mixture(b'{"a\\nb": 1}', "file")
    with pytest.raises(InputError) as caught:
        read_mixture("two\nlines.json")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.json: cannot be read \(no such file"):
        read_mixture(str(tmp_path / "absent.json"))


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(is a directory\)"):
        read_mixture(str(tmp_path))


def test_a_hundred_thousand_columns_are_read(tmp_path: Path) -> None:
    file = tmp_path / "wide.json"
    file.write_text(json.dumps({"means": [[1] * 10**5, [0.5] * 10**5]}))
    mix = read_mixture(str(file))
    assert (mix.n, mix.d, mix.means_error) == (2, 10**5, 0.0)
