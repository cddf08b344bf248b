"""Finds the hits of a text by their tag."""

from collections import defaultdict
from collections.abc import Sequence

from nlp.frame_book import Part
from nlp.lexicon import Hit, Word


class HitIndex:
    """The hits of a text in order of position, also by tag; `negated` ones are filled in by the context."""

    def __init__(self, hits: list[Hit], words: Sequence[Word]) -> None:
        self.hits = hits
        self.words = words
        self.negated: set[Hit] = set()
        by_tag: defaultdict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            for tag in words[hit[0]].tags:
                by_tag[tag].append(hit)
        self.by_tag: dict[str, list[Hit]] = dict(by_tag)
        self._starts: dict[str, list[int]] = {}
        self._asserted: dict[str, list[int]] = {}
        self._of: dict[Part, list[Hit]] = {}

    def tagged(self, tags: frozenset[str]) -> list[Hit]:
        """The hits with one of these tags, in order of position."""
        present = [self.by_tag[tag] for tag in tags if tag in self.by_tag]
        if len(present) < 2:
            return present[0] if present else []
        return sorted({hit for hits in present for hit in hits}, key=_place)

    def of(self, part: Part) -> list[Hit]:
        """The hits that may fill this part, in order of position; asked after the denying."""
        known = self._of.get(part)
        if known is None:  # many frames share a part
            hits = self.tagged(part.tags)
            if part.negated is not None:
                hits = [hit for hit in hits if (hit in self.negated) is part.negated]
            self._of[part] = known = hits
        return known

    def starts(self, tag: str) -> list[int]:
        """Where hits of this tag start, denied or not, in order."""
        known = self._starts.get(tag)
        if known is None:
            self._starts[tag] = known = [start for _, start, _ in self.by_tag.get(tag, ())]
        return known

    def asserted(self, tag: str) -> list[int]:
        """Where hits of this tag start that nothing denies, in order; asked after the denying."""
        if tag not in self._asserted:
            denied = self.negated
            self._asserted[tag] = [hit[1] for hit in self.by_tag.get(tag, ()) if hit not in denied]
        return self._asserted[tag]

    def is_tagged(self, hit: Hit, tags: frozenset[str]) -> bool:
        """Whether the word of this hit has one of these tags."""
        return not tags.isdisjoint(self.words[hit[0]].tags)


def _place(hit: Hit) -> tuple[int, int]:
    return hit[1], -hit[2]
