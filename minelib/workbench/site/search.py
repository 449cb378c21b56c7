# SPDX-License-Identifier: MIT
"""Search in Chinese pages without a dictionary: Chinese text is cut into pairs of characters.

A question is cut the same way in the browser, and a page is found when it holds every pair,
so any run of two characters or more is found.
"""

import re

from sphinx.search import SearchLanguage

__all__ = ["ChineseSearch", "pairs"]

_WORDS = re.compile(r"[a-z0-9_]+(?:[.\-][a-z0-9_]+)*|[\u3400-\u9fff]+", re.IGNORECASE)

_SPLITTER = """
var splitQuery = (query) => {
  const found = query.match(/[a-z0-9_]+(?:[.\\-][a-z0-9_]+)*|[\\u3400-\\u9fff]+/gi) || [];
  return found.flatMap((word) => {
    if (!/[\\u3400-\\u9fff]/.test(word) || word.length < 3) return [word];
    return [...word].slice(1).map((character, place) => word[place] + character);
  });
};
"""


def pairs(text: str) -> list[str]:
    """Words of Latin letters as they are, Chinese text as overlapping pairs.

    Examples
    --------
    >>> pairs("全网算力 EH/s")
    ['全网', '网算', '算力', 'EH', 's']
    """
    found: list[str] = []
    for word in _WORDS.findall(text):
        if word[0] < "\u3400" or len(word) < 3:
            found.append(word)
        else:
            found += [word[i : i + 2] for i in range(len(word) - 1)]
    return found


class ChineseSearch(SearchLanguage):
    """Search language for Sphinx, in the place of the one that needs a dictionary."""

    lang = "zh"
    language_name = "Chinese"
    stopwords = frozenset()
    js_splitter_code = _SPLITTER

    def split(self, input):
        return pairs(input)

    def stem(self, word):
        return word.lower()

    def word_filter(self, word):
        return len(word) > 1
