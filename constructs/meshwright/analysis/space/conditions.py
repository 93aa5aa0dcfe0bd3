"""The conditions of routes, numbered, and values that meet many of them at once.

A literal is a number: twice that of its atom, plus one where the atom has to hold. A cube is what must hold all at
once: the literals by slot.
"""

from meshwright.analysis.matching import matches_value
from meshwright.analysis.regex import PatternError
from meshwright.analysis.space.domains import (
    CONNECT,
    CONNECT_METHOD,
    METHOD,
    authority_slot,
    claim_slot,
    header_slot,
    nowhere_slot,
    path_slot,
    proto_slot,
    query_slot,
    scheme_language,
)
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.language import EVERY_WORD, NO_WORD, Language, after_one, language_of
from meshwright.analysis.space.slots import Atom, Slot, Value, value_for
from meshwright.analysis.space.words import Undecided
from meshwright.traffic import ClaimMatch, HeaderMatch, QueryMatch, RouteMatch, StringMatch

Literals = tuple[int, ...]
Cube = dict[int, frozenset[int]]
Model = dict[int, Value]
"""One value a slot; slots that are not named have their usual value."""

PATH, METHOD_PLACE = 0, 1
_LITTLE: frozenset[int] = frozenset()


class Conditions:
    """The conditions of the routes of one virtual host.

    Args:
        repeats: Requests may send a header several times.
    """

    def __init__(self, entrance: Entrance, repeats: bool = True) -> None:
        self.entrance = entrance
        self.slots: list[Slot] = [path_slot(entrance.path_normalisation), METHOD]
        self.atoms: list[Atom] = []
        self._repeats = repeats
        self._places: dict[str, int] = {"path": PATH, ":method": METHOD_PLACE}
        self._numbers: dict[tuple[int, Language, bool], int] = {}
        self._known: dict[RouteMatch, Literals] = {}
        self._values: dict[tuple[int, frozenset[int], bool], tuple[Value] | Undecided | None] = {}

    def literals(self, match: RouteMatch) -> Literals:
        """Return what has to hold for ``match``, the path last."""
        found = self._known.get(match)
        if found is None:
            literals = [*map(self._header, match.headers), *map(self._query, match.query)]
            literals += map(self._claim, match.claims)
            connect = match.path.kind == "connect"
            if connect or match.path.value != "/" or match.path.kind != "prefix":
                literals.append(self._literal(PATH, language_of(match.path), True))
            found = self._known[match] = tuple(dict.fromkeys(literals))
        return found

    def cube(self, *matches: RouteMatch) -> Cube | None:
        """Return what has to hold for all of ``matches``; ``None`` where two conditions deny each other."""
        cube: Cube | None = {}
        if len({match.path.kind == "connect" for match in matches}) > 1:
            return None
        for match in matches:
            for literal in self.literals(match):
                cube = self.extended(cube, literal) if cube is not None else None
        return cube

    def extended(self, cube: Cube, literal: int) -> Cube | None:
        """Return ``cube`` with one literal more; ``None`` where it holds the opposite."""
        slot = self.atoms[literal >> 1].slot
        before = cube.get(slot, _LITTLE)
        if literal in before:
            return cube
        if literal ^ 1 in before:
            return None
        return {**cube, slot: before | {literal}}

    def model(self, cube: Cube) -> Model | None:
        """Return a request, as values of its parts, that meets ``cube``; ``None``: no request does.

        Raises:
            Undecided: That could not be found out.
        """
        model: Model = {}
        connect = False
        computed = []
        undecided: Undecided | None = None
        for place in sorted(cube):
            literals = cube[place]
            if self.slots[place].computed:
                computed.append(literals)
                continue
            if place == PATH:
                connect = any(literal & 1 and self.atoms[literal >> 1].absent for literal in literals)
            try:
                value = self._value(place, literals, connect)
            except Undecided as error:
                undecided = error
                continue
            if value is None:
                return None
            model[place] = value[0]
        if undecided is not None:
            raise undecided
        if connect:
            model[METHOD_PLACE] = "CONNECT"
        if not all(self.holds(literal, model) for literals in computed for literal in literals):
            raise Undecided("a condition on :path asks for path and query at once")
        return model

    def holds(self, literal: int, model: Model) -> bool:
        """Tell whether a literal holds for the request that ``model`` stands for."""
        atom = self.atoms[literal >> 1]
        value = self.value_at(atom.slot, model)
        if value is None:
            held = atom.absent
        elif isinstance(value, str):
            held = atom.language.test(value)
        else:
            held = any(map(atom.language.test, value))
        return held == bool(literal & 1)

    def takes(self, match: RouteMatch, model: Model) -> bool:
        """Tell whether ``match`` holds for the request that ``model`` stands for."""
        if (match.path.kind == "connect") != (model.get(PATH, "") is None):
            return False
        return all(self.holds(literal, model) for literal in self.literals(match))

    def value_of(self, name: str, model: Model) -> Value:
        """Return the value of a slot by its name: what ``model`` says, or the usual one."""
        return self.value_at(self._slot(name), model)

    def value_at(self, place: int, model: Model) -> Value:
        """Return the value of a slot: what ``model`` says, or the usual one."""
        return model[place] if place in model else self._usual(place, model)

    def nobody_comes(self) -> bool:
        """Tell whether other virtual hosts take every authority of this one."""
        try:
            return self._value(self._slot(":authority"), _LITTLE, False) is None
        except Undecided:
            return False

    def _usual(self, place: int, model: Model) -> Value:
        if self.slots[place].computed:
            return self._full_path(model)
        try:
            value = self._value(place, _LITTLE, False)
        except Undecided:
            return None
        return value[0] if value is not None else None

    def _full_path(self, model: Model) -> str:
        return str(model.get(PATH) or "/") + self.query_text(model)

    def query_text(self, model: Model) -> str:
        """Return the query of a request, with its question mark, empty without parameters."""
        parts = [
            f"{slot.name.removeprefix('query ')}={model[place]}"
            for place, slot in enumerate(self.slots)
            if slot.name.startswith("query ") and model.get(place) is not None
        ]
        return "?" + "&".join(parts) if parts else ""

    def _value(self, place: int, literals: frozenset[int], connect: bool) -> "tuple[Value] | None":
        key = (place, literals, connect)
        if key in self._values:
            found = self._values[key]
        else:
            slot = self.slots[place]
            if connect and place <= METHOD_PLACE:
                slot = CONNECT if place == PATH else CONNECT_METHOD
            positive = [self.atoms[each >> 1] for each in sorted(literals) if each & 1]
            negative = [self.atoms[each >> 1] for each in sorted(literals) if not each & 1]
            try:
                found = value_for(slot, positive, negative)
            except Undecided as error:
                found = error
            self._values[key] = found
        if isinstance(found, Undecided):
            raise found
        return found

    def _header(self, match: HeaderMatch) -> int:
        name = match.name.lower()
        name = ":authority" if name == "host" else name
        if match.value is None:
            wanted = match.present != match.invert
            return self._on(name, EVERY_WORD, None, wanted)
        if not match.missing_is_empty:
            return self._on(name, language_of(match.value), match.value, not match.invert, absent=match.invert)
        try:
            absent = matches_value(match.value)("")
        except PatternError:
            absent = False
        return self._on(name, language_of(match.value), match.value, not match.invert, absent=absent)

    def _on(self, name: str, language: Language, value: StringMatch | None, wanted: bool, absent: bool = False) -> int:
        """Return the literal for a header; some of them are seen through how the request came."""
        if name == ":scheme" or name == "x-forwarded-proto":
            if value is not None and name == ":scheme":
                language = scheme_language(language.test("http"), language.test("https"))
            elif value is not None:
                language = after_one(language)
            return self._literal(self._slot("proto"), language, wanted, absent=absent)
        return self._literal(self._slot(name), language, wanted, absent=absent)

    def _query(self, match: QueryMatch) -> int:
        language = language_of(match.value) if match.value is not None else EVERY_WORD
        return self._literal(self._slot(f"query {match.name}"), language, True)

    def _claim(self, match: ClaimMatch) -> int:
        language = language_of(match.value) if match.value is not None else EVERY_WORD
        name = "claim " + "\0".join(match.path)
        place = self._places.get(name)
        if place is None:
            place = self._add(name, claim_slot(match.path))
        return self._literal(place, language, not match.invert)

    def _literal(self, slot: int, language: Language, wanted: bool, *, absent: bool = False) -> int:
        if slot == PATH and language is NO_WORD:
            absent = True
        key = (slot, language, absent)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.atoms)
            self.atoms.append(Atom(slot, language, absent))
        return 2 * number + wanted

    def _slot(self, name: str) -> int:
        place = self._places.get(name)
        if place is not None:
            return place
        if name.startswith("query "):
            return self._add(name, query_slot(name.removeprefix("query ")))
        if name == ":authority":
            return self._add(name, authority_slot(self.entrance))
        if name == "proto":
            return self._add(name, proto_slot(self.entrance))
        if name == ":path":
            return self._add(name, nowhere_slot(name))
        return self._add(name, header_slot(name, self.entrance.at_the_edge, self._repeats))

    def _add(self, name: str, slot: Slot) -> int:
        self._places[name] = len(self.slots)
        self.slots.append(slot)
        return len(self.slots) - 1
