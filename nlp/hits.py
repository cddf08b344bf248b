"""Finds the hits of a text by their tag."""

from collections import defaultdict
from operator import attrgetter

from nlp.frame_book import Part
from nlp.lexicon import Hit

_start = attrgetter("start")


class HitIndex:
    """The hits of a text, also by tag, each list in order of position."""

    def __init__(self, hits: list[Hit]) -> None:
        self.hits = hits
        by_tag: defaultdict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            for tag in hit.entry.tags:
                by_tag[tag].append(hit)
        self.by_tag: dict[str, list[Hit]] = dict(by_tag)
        self._asserted: dict[str, list[int]] = {}
        self._of: dict[Part, list[Hit]] = {}

    def tagged(self, tags: frozenset[str]) -> list[Hit]:
        """The hits with one of these tags, in order of position."""
        if tags.isdisjoint(self.by_tag):
            return []
        return [hit for hit in self.hits if not tags.isdisjoint(hit.entry.tags)]

    def of(self, part: Part) -> list[Hit]:
        """The hits that may fill this part, in order of position; asked after the denying."""
        known = self._of.get(part)
        if known is None:  # many frames share a part
            lists = [self.by_tag[tag] for tag in part.tags if tag in self.by_tag]
            either, wanted = part.negated is None, part.negated
            hits = [hit for one in lists for hit in one if either or hit.negated is wanted]
            if len(lists) > 1:
                hits.sort(key=_start)
            self._of[part] = known = hits
        return known

    def asserted(self, tag: str) -> list[int]:
        """Where hits of this tag start that nothing denies, in order; asked after the denying."""
        if tag not in self._asserted:
            self._asserted[tag] = [hit.start for hit in self.by_tag.get(tag, ()) if not hit.negated]
        return self._asserted[tag]
