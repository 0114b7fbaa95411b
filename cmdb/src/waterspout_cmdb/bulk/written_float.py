"""WrittenFloat: a number of JSON that knows how it was written."""

from __future__ import absolute_import, division, print_function


class WrittenFloat(float):
    """A float with the digits that it was read from: 1.10 is the number 1.1 and the text 1.10.

    Attributes:
        text (text): the digits; an attribute that holds text gets these.
    """

    def __new__(cls, text):
        # type: (Text) -> WrittenFloat
        number = super(WrittenFloat, cls).__new__(cls, text)
        number.text = text
        return number

    def __reduce__(self):
        return WrittenFloat, (self.text,)
